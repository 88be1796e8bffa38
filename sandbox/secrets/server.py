"""Azure Key Vault's secrets and Google Secret Manager's versions over one HTTPS port, as their real clients ask for them.

https://learn.microsoft.com/rest/api/keyvault/secrets and https://cloud.google.com/secret-manager/docs/reference/rest.
Everything is in memory; anyone may read and write. Key Vault's challenge is answered to a request without a token, as
the real one does; Google's checksum of the payload is given.
"""

from __future__ import annotations

import base64
import time
from typing import Any

import google_crc32c  # type: ignore[import-untyped,unused-ignore]
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route


class Server:
    """Values by name; a name's versions are kept in order."""

    def __init__(self) -> None:
        self.azure: dict[str, list[str]] = {}
        self.google: dict[str, list[bytes]] = {}
        self.app = Starlette(
            routes=[
                Route("/secrets/{name}", self.set_azure, methods=["PUT"]),
                Route("/secrets/{name}/{version:path}", self.get_azure, methods=["GET"]),
                Route("/v1/projects/{project}/secrets", self.create_google, methods=["POST"]),
                Route("/v1/projects/{project}/secrets/{name}:addVersion", self.add_google, methods=["POST"]),
                Route(
                    "/v1/projects/{project}/secrets/{name}/versions/{version}:access",
                    self.get_google,
                    methods=["GET"],
                ),
            ]
        )

    async def set_azure(self, request: Request) -> Response:
        if refused := _challenge(request):
            return refused
        name = request.path_params["name"]
        self.azure.setdefault(name, []).append((await request.json())["value"])
        return self._azure(request, name, len(self.azure[name]))

    async def get_azure(self, request: Request) -> Response:
        if refused := _challenge(request):
            return refused
        name, version = request.path_params["name"], request.path_params["version"].strip("/")
        number = int(version, 16) if version else len(self.azure.get(name, ()))
        if not 1 <= number <= len(self.azure.get(name, ())):
            error = {
                "code": "SecretNotFound",
                "message": f"A secret with (name/id) {name} was not found in this key vault.",
            }
            return JSONResponse({"error": error}, 404)
        return self._azure(request, name, number)

    def _azure(self, request: Request, name: str, number: int) -> Response:
        now = int(time.time())
        found: dict[str, Any] = {
            "value": self.azure[name][number - 1],
            "id": f"https://{request.url.netloc}/secrets/{name}/{number:032x}",
            "attributes": {"enabled": True, "created": now, "updated": now, "recoveryLevel": "Purgeable"},
        }
        return JSONResponse(found)

    async def create_google(self, request: Request) -> Response:
        name = f"projects/{request.path_params['project']}/secrets/{request.query_params['secretId']}"
        if name in self.google:
            return _google_error(409, "ALREADY_EXISTS", f"Secret [{name}] already exists.")
        self.google[name] = []
        return JSONResponse({"name": name, "replication": {"automatic": {}}})

    async def add_google(self, request: Request) -> Response:
        name = f"projects/{request.path_params['project']}/secrets/{request.path_params['name']}"
        if name not in self.google:
            return _google_error(404, "NOT_FOUND", f"Secret [{name}] not found.")
        data = base64.b64decode((await request.json())["payload"]["data"])
        self.google[name].append(data)
        return JSONResponse({"name": f"{name}/versions/{len(self.google[name])}", "state": "ENABLED"})

    async def get_google(self, request: Request) -> Response:
        name = f"projects/{request.path_params['project']}/secrets/{request.path_params['name']}"
        version, kept = request.path_params["version"], self.google.get(name, [])
        number = len(kept) if version == "latest" else int(version)
        if not 1 <= number <= len(kept):
            return _google_error(404, "NOT_FOUND", f"Secret Version [{name}/versions/{version}] not found.")
        data = kept[number - 1]
        payload = {"data": base64.b64encode(data).decode(), "dataCrc32c": str(google_crc32c.value(data))}
        return JSONResponse({"name": f"{name}/versions/{number}", "payload": payload})


def _challenge(request: Request) -> Response | None:
    if request.headers.get("authorization", "").startswith("Bearer "):
        return None
    where = 'Bearer authorization="https://login.microsoftonline.com/stand-in", resource="https://vault.azure.net"'
    return Response(status_code=401, headers={"www-authenticate": where})


def _google_error(code: int, status: str, message: str) -> Response:
    return JSONResponse({"error": {"code": code, "message": message, "status": status}}, code)
