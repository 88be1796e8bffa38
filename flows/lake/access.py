"""How object stores are reached: endpoints, keys and encryption, as settings give them; and what a location means."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from flows.errors import SettingsError


@dataclass(frozen=True)
class Access:
    """Empty text means the vendor's default: its public endpoint, its own chain of credentials, its managed key.

    ``block_bytes`` is the size of one part of a large object and ``workers`` how many parts or objects are under way
    at once; their product bounds the memory of a copy. ``bytes_per_second`` 0 means no limit.
    A request that a store does not answer is repeated for ``patience_seconds``.
    """

    s3_endpoint: str = ""
    s3_region: str = ""
    s3_kms_key: str = ""
    azure_endpoint: str = ""
    azure_key: str = field(default="", repr=False)
    azure_encryption_scope: str = ""
    gcs_endpoint: str = ""
    gcs_project: str = ""
    gcs_kms_key: str = ""
    block_bytes: int = 5 << 20
    workers: int = 4
    bytes_per_second: int = 0
    patience_seconds: float = 90

    def __post_init__(self) -> None:
        for endpoint in (self.s3_endpoint, self.azure_endpoint, self.gcs_endpoint):
            require_tls(endpoint)


@dataclass(frozen=True)
class Location:
    """A place in an object store: ``service`` S3, Azure or GCS, ``host`` (Azure only) with scheme and account, ``bucket``,
    ``prefix``; ``public`` is the account's address in Azure, which Azure's engines are told whatever ``host`` is asked."""

    service: str
    host: str
    bucket: str
    prefix: str
    public: str = ""


def is_loopback(host: str) -> bool:
    """True for a host that never leaves this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def require_tls(endpoint: str) -> None:
    """SettingsError when an endpoint would send data over a network in clear text."""
    parts = urlsplit(endpoint)
    if endpoint and parts.scheme not in ("http", "https"):
        raise SettingsError(f"endpoint {endpoint} has no scheme; write https://host.")
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise SettingsError(
            f"endpoint {endpoint} is not encrypted; write https:// (http is for this machine alone)."
        )


def parse(root: str, access: Access) -> Location | None:
    """The place that a lake's root names, None for a folder. SettingsError says which forms are known.

    s3://bucket/prefix, gs://bucket/prefix, abfss://container@account.dfs.core.windows.net/prefix,
    https://account.blob.core.windows.net/container/prefix, and for a store on this machine
    http://127.0.0.1:port/account/container/prefix. An ADLS Gen2 account answers Blob requests too, and blobs have
    conditional writes that are the same on every account: so both names of it lead to its Blob endpoint.
    """
    if "://" not in root:
        return None
    parts = urlsplit(root)
    path = parts.path.strip("/")
    known = "s3://bucket/prefix, abfss://container@account.dfs.core.windows.net/prefix, https://account.blob.core.windows.net/container/prefix, gs://bucket/prefix or a folder"
    wrong = SettingsError(f"lake {root} is not understood; write {known}.")
    match parts.scheme:
        case "s3" | "gs" if parts.netloc:
            return Location("S3" if parts.scheme == "s3" else "GCS", "", parts.netloc, path)
        case "abfss" if parts.username and parts.hostname:
            public = "https://" + parts.hostname.replace(".dfs.", ".blob.", 1)
            return Location("Azure", access.azure_endpoint or public, parts.username, path, public)
        case "http" | "https" if path:
            require_tls(root)
            host, segments = f"{parts.scheme}://{parts.netloc}", path.split("/")
            if not re.search(r"\.blob\.", parts.netloc):  # a store that carries the account in the path
                if len(segments) < 2:
                    raise wrong
                host, segments = f"{host}/{segments[0]}", segments[1:]
                return Location("Azure", host, segments[0], "/".join(segments[1:]), host)
            return Location("Azure", access.azure_endpoint or host, segments[0], "/".join(segments[1:]), host)
    raise wrong
