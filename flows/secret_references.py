"""Secrets by reference: a setting may name where its value lies instead of holding it.

    aws-secret://name            AWS Secrets Manager; aws-secret://name#key for one key of a JSON secret
    azure-secret://vault/name    Azure Key Vault, by the vault's name or host; /version may follow
    google-secret://project/name Google Secret Manager; /version may follow, else the latest

The value is fetched when a run starts, by the vendor's library and the identity that the machine has, and is kept in
memory only. Sentences name the variable and the reference, never the value.
"""

from __future__ import annotations

import functools
import json
import re
from typing import Any
from urllib.parse import urlsplit

from flows.errors import SettingsError, Unreachable
from flows.lake.access import is_loopback, require_tls

FORM = re.compile(r"(aws|azure|google)-secret://([^/#\s]+(?:/[^#\s]+)?)(?:#(\S+))?")


def is_reference(value: str) -> bool:
    """True for a value that names a secret instead of being one."""
    return bool(re.match(r"(aws|azure|google)-secret:", value))


def resolve(variable: str, reference: str, endpoints: dict[str, str]) -> str:
    """The secret. SettingsError when it is not there, not allowed or not understood; Unreachable when nobody answers.

    ``endpoints`` are addresses by vendor, '' for its own.
    """
    found = FORM.fullmatch(reference)
    if not found:
        raise SettingsError(
            f"{variable} is '{reference}'; write aws-secret://name, azure-secret://vault/name or google-secret://project/name."
        )
    vendor, path, key = found.groups()
    text = _fetch(variable, reference, vendor, path, endpoints.get(vendor, ""))
    if key is None:
        return text
    try:
        value = json.loads(text)[key]
    except (json.JSONDecodeError, KeyError, TypeError):
        raise SettingsError(
            f"{variable}: the secret {reference} is no JSON object with the key '{key}'."
        ) from None
    return str(value)


@functools.lru_cache(maxsize=64)
def _fetch(variable: str, reference: str, vendor: str, path: str, endpoint: str) -> str:
    require_tls(endpoint)
    try:
        return {"aws": _aws, "azure": _azure, "google": _google}[vendor](path, endpoint)
    except _NotThere:
        reason = "does not exist; create it, or correct the reference"
    except _NotAllowed:
        reason = "may not be read by this identity; give it the right"
    except _Malformed as fault:
        reason = f"cannot be used: {fault}"
    except Exception as fault:
        # the class alone: a library's message may quote what it received
        raise Unreachable(
            f"{variable}: the secret {reference} cannot be fetched ({type(fault).__name__}); run again."
        ) from None
    raise SettingsError(f"{variable}: the secret {reference} {reason}.")


class _NotThere(Exception):
    pass


class _NotAllowed(Exception):
    pass


class _Malformed(Exception):
    pass


def _aws(name: str, endpoint: str) -> str:
    import boto3
    from botocore.exceptions import ClientError, NoCredentialsError

    try:
        answer = (
            boto3.session.Session()
            .client("secretsmanager", endpoint_url=endpoint or None)
            .get_secret_value(SecretId=name)
        )
    except NoCredentialsError:
        raise _NotAllowed from None
    except ClientError as fault:
        code = fault.response["Error"]["Code"]
        if code == "ResourceNotFoundException":
            raise _NotThere from None
        if code in ("AccessDeniedException", "UnrecognizedClientException", "DecryptionFailure"):
            raise _NotAllowed from None
        raise
    text = answer.get("SecretString")
    if text is None:
        raise _Malformed("it is binary")
    return str(text)


def _azure(path: str, _: str) -> str:
    from azure.core.exceptions import ClientAuthenticationError, HttpResponseError, ResourceNotFoundError
    from azure.keyvault.secrets import SecretClient

    vault, _, rest = path.partition("/")
    name, _, version = rest.partition("/")
    if not name:
        raise _Malformed("name vault and secret")
    url = f"https://{vault}" if "." in vault or ":" in vault else f"https://{vault}.vault.azure.net"
    here = is_loopback(urlsplit(url).hostname or "")
    client = SecretClient(
        url, _azure_identity(here), verify_challenge_resource=not here, retry_total=3, logging_enable=False
    )
    try:
        value = client.get_secret(name, version or None).value
    except ResourceNotFoundError:
        raise _NotThere from None
    except ClientAuthenticationError:
        raise _NotAllowed from None
    except HttpResponseError as fault:
        if fault.status_code == 403:
            raise _NotAllowed from None
        raise
    return value or ""


def _azure_identity(here: bool) -> Any:
    if here:  # a stand-in knows no identities
        from azure.core.credentials import AccessToken

        class Anyone:
            def get_token(self, *_: str, **__: Any) -> AccessToken:
                return AccessToken("stand-in", 2**31)

        return Anyone()
    from azure.identity import DefaultAzureCredential

    return DefaultAzureCredential()


def _google(path: str, endpoint: str) -> str:
    from google.api_core import exceptions
    from google.cloud import secretmanager
    from google.cloud.secretmanager_v1.services.secret_manager_service.transports import (
        SecretManagerServiceRestTransport,
    )

    project, _, rest = path.partition("/")
    name, _, version = rest.partition("/")
    if not name:
        raise _Malformed("name project and secret")
    options: dict[str, Any] = {}
    if endpoint:
        from google.auth.credentials import AnonymousCredentials

        parts = urlsplit(endpoint)
        options["transport"] = SecretManagerServiceRestTransport(
            host=parts.netloc,
            url_scheme=parts.scheme,
            credentials=AnonymousCredentials(),  # type: ignore[no-untyped-call]
        )
    client = secretmanager.SecretManagerServiceClient(**options)
    try:
        answer = client.access_secret_version(
            name=f"projects/{project}/secrets/{name}/versions/{version or 'latest'}", timeout=30
        )
    except exceptions.NotFound:
        raise _NotThere from None
    except (exceptions.PermissionDenied, exceptions.Unauthenticated):
        raise _NotAllowed from None
    return answer.payload.data.decode()
