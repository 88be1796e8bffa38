"""The JSON API of Google Cloud Storage, as far as its Python client and gcloud-like tools copy, list and compose.

https://cloud.google.com/storage/docs/json_api/v1. What is not served answers 501; docs/clouds.md lists the differences.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from sandbox.gcs.store import CHUNK, Refused, Store

PAGE = 1000


class Server:
    """One store behind HTTP; ``app`` is what uvicorn serves."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.sessions: dict[str, dict[str, Any]] = {}
        self.app = Starlette(
            routes=[
                Route("/storage/v1/b", self.create_bucket, methods=["POST"]),
                Route("/storage/v1/b/{bucket}", self.bucket, methods=["GET"]),
                Route("/storage/v1/b/{bucket}/o", self.list, methods=["GET"]),
                Route("/upload/storage/v1/b/{bucket}/o", self.upload, methods=["POST", "PUT"]),
                Route(
                    "/{kind:path}/b/{bucket}/o/{name:path}", self.object, methods=["GET", "POST", "DELETE"]
                ),
                Route("/{rest:path}", self.unknown, methods=["GET", "POST", "PUT", "PATCH", "DELETE"]),
            ],
            exception_handlers={Refused: self.refuse},  # type: ignore[dict-item]
        )

    async def refuse(self, request: Request, fault: Refused) -> Response:
        error = {
            "code": fault.status,
            "message": str(fault),
            "errors": [{"reason": fault.reason, "message": str(fault)}],
        }
        return JSONResponse({"error": error}, fault.status)

    async def unknown(self, request: Request) -> Response:
        raise Refused(
            501, "notImplemented", f"not supported by the stand-in: {request.method} {request.url.path}"
        )

    async def create_bucket(self, request: Request) -> Response:
        return JSONResponse(self.store.create_bucket((await request.json())["name"]))

    async def bucket(self, request: Request) -> Response:
        return JSONResponse(self.store.bucket(request.path_params["bucket"]))

    async def list(self, request: Request) -> Response:
        query, after = request.query_params, request.query_params.get("pageToken", "")
        items: list[Any] = []
        prefixes: set[str] = set()
        token, prefix, delimiter = None, query.get("prefix", ""), query.get("delimiter", "")
        most = int(query.get("maxResults", PAGE))
        for found in self.store.list(request.path_params["bucket"], prefix):
            if found["name"] <= after:
                continue
            rest = found["name"][len(prefix) :]
            if delimiter and delimiter in rest:
                prefixes.add(prefix + rest.split(delimiter, 1)[0] + delimiter)
                continue
            if len(items) == most:
                token = items[-1]["name"]
                break
            items.append(found)
        answer = {"kind": "storage#objects", "items": items, "prefixes": sorted(prefixes)}
        return JSONResponse(answer | ({"nextPageToken": token} if token else {}))

    async def object(self, request: Request) -> Response:
        # the client writes slashes of names as %2F, which the path parameter has lost already
        raw = request.scope["raw_path"].decode().split("?", 1)[0]
        rest = re.split(r"/b/[^/]+/o/", raw, maxsplit=1)[1]
        bucket = request.path_params["bucket"]
        if request.method == "POST":
            if not rest.endswith("/compose"):
                raise Refused(501, "notImplemented", f"not supported by the stand-in: POST {raw}")
            name, body = unquote(rest.removesuffix("/compose")), await request.json()
            query = dict(request.query_params)
            return JSONResponse(await asyncio.to_thread(self.store.compose, bucket, name, body, query))
        name = unquote(rest)
        if request.method == "DELETE":
            self.store.delete(bucket, name)
            return Response(status_code=204)
        found = self.store.find(bucket, name, request.query_params.get("generation"))
        if request.query_params.get("alt") != "media":
            return JSONResponse(found)
        return self.download(request, found, self.store.content(bucket, name))

    def download(self, request: Request, found: dict[str, Any], path: Path) -> Response:
        size, asked = int(found["size"]), re.fullmatch(r"bytes=(\d+)-(\d*)", request.headers.get("range", ""))
        start, end = 0, size - 1
        if asked:
            start, end = int(asked[1]), min(int(asked[2] or size), size - 1)
            if start >= size:
                raise Refused(416, "requestedRangeNotSatisfiable", "Request range not satisfiable")
        headers = {
            "content-length": str(end - start + 1),
            "x-goog-generation": found["generation"],
            "x-goog-hash": ",".join(
                f"{key}={found[field]}"
                for key, field in (("crc32c", "crc32c"), ("md5", "md5Hash"))
                if field in found
            ),
        }
        if asked:
            headers["content-range"] = f"bytes {start}-{end}/{size}"

        def pieces() -> Any:
            with path.open("rb") as content:
                content.seek(start)
                left = end - start + 1
                while left and (piece := content.read(min(CHUNK, left))):
                    left -= len(piece)
                    yield piece

        return StreamingResponse(pieces(), 206 if asked else 200, headers, found["contentType"])

    async def upload(self, request: Request) -> Response:
        query, bucket = dict(request.query_params), request.path_params["bucket"]
        self.store.bucket(bucket)
        if request.method == "PUT" or "upload_id" in query:  # some clients send the chunks by POST
            return await self._resume(request, query)
        match query.get("uploadType"):
            case "resumable":
                properties = json.loads(await request.body() or b"{}")
                number = f"{time.time_ns():x}"
                self.sessions[number] = {
                    "bucket": bucket, "name": query.get("name") or properties["name"], "properties": properties,
                    "query": query, "file": self.store.incoming / f"session-{number}", "answer": None,
                }  # fmt: skip
                self.sessions[number]["file"].touch()
                where = f"{request.base_url}upload/storage/v1/b/{bucket}/o?uploadType=resumable&upload_id={number}"
                return Response(headers={"location": where})
            case "multipart":
                meta, content = _two_parts(await request.body(), request.headers["content-type"])
                properties = json.loads(meta)
            case "media":
                properties, content = {"name": query["name"]}, await request.body()
            case other:
                raise Refused(400, "invalid", f"uploadType {other} is unknown")
        incoming = self.store.incoming / f"upload-{time.time_ns()}-{id(request)}"
        await asyncio.to_thread(incoming.write_bytes, content)
        name = query.get("name") or properties["name"]
        return JSONResponse(
            await asyncio.to_thread(self.store.insert, bucket, name, incoming, properties, query)
        )

    async def _resume(self, request: Request, query: dict[str, str]) -> Response:
        session = self.sessions.get(query.get("upload_id", ""))
        if session is None:
            raise Refused(404, "notFound", "no such upload session")
        if session["answer"]:
            return JSONResponse(session["answer"])
        file: Path = session["file"]
        asked = re.fullmatch(
            r"bytes (?:(\d+)-(\d+)|\*)/(\d+|\*)", request.headers.get("content-range", "bytes */*")
        )
        have = file.stat().st_size
        whole = asked is None or "content-range" not in request.headers
        if asked and asked[1] is not None and int(asked[1]) != have:
            raise Refused(503, "backendError", f"expected a chunk from {have}")
        if whole or (asked and asked[1] is not None):
            try:
                with file.open("ab") as target:
                    async for piece in request.stream():
                        target.write(piece)
            except ClientDisconnect:
                return Response(status_code=499)
        have = file.stat().st_size
        if whole or (asked and asked[3] != "*" and int(asked[3]) == have):
            session["answer"] = await asyncio.to_thread(
                self.store.insert,
                session["bucket"],
                session["name"],
                file,
                session["properties"],
                session["query"],
            )
            return JSONResponse(session["answer"])
        return Response(status_code=308, headers={"range": f"bytes=0-{have - 1}"} if have else {})


def _two_parts(body: bytes, content_type: str) -> tuple[bytes, bytes]:
    """Properties and media of a multipart/related body; the media is cut out as it is, whatever bytes it holds."""
    found = re.search(r"boundary=(?:['\"]([^'\"]+)['\"]|([^;\s]+))", content_type)
    if not found:
        raise Refused(400, "invalid", "multipart body without a boundary")
    boundary = b"--" + (found[1] or found[2]).encode()
    second = body.index(boundary, len(boundary))
    first_start, second_start = body.index(b"\r\n\r\n") + 4, body.index(b"\r\n\r\n", second) + 4
    end = body.rindex(b"\r\n" + boundary)
    return body[first_start:second], body[second_start:end]
