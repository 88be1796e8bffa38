"""The HTTP server: addresses of BigQuery's REST interface, bound to loopback."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import io
import json
import logging
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.bigquery.errors import Failure
from sandbox.bigquery.execution.context import Warehouse
from sandbox.bigquery.jobs import Job, Jobs, resource
from sandbox.bigquery.rest import datasets, tables
from sandbox.bigquery.rest.request import Request, paged
from sandbox.bigquery.rest.uploads import Uploads, parse_object

MOST_JSON = 20_000_000  # bytes of a request without an upload
LONGEST_WAIT = 60.0  # seconds that an answer may wait for a job
Handler = Callable[[Jobs, Request], dict[str, Any] | None]
log = logging.getLogger(__name__)
ROOT = "/bigquery/v2/projects"


class Server:
    """The application; one per warehouse."""

    def __init__(self, warehouse: Warehouse) -> None:
        self.jobs = Jobs(warehouse)
        self.uploads = Uploads()
        self.app = Starlette(routes=self._routes(), lifespan=self._lifespan)
        self.app.router.redirect_slashes = False

    @contextlib.asynccontextmanager
    async def _lifespan(self, app: Starlette) -> AsyncIterator[None]:
        yield
        self.uploads.close()
        self.jobs.warehouse.catalog.engine.close()

    def _routes(self) -> list[Route]:
        d, t = f"{ROOT}/{{p}}/datasets", f"{ROOT}/{{p}}/datasets/{{d}}/tables"
        r = f"{ROOT}/{{p}}/datasets/{{d}}/routines"
        plain: list[tuple[str, str, Handler]] = [
            ("GET", d, datasets.list_datasets), ("POST", d, datasets.insert_dataset), ("GET", d + "/{d}", datasets.get_dataset),
            ("PATCH", d + "/{d}", datasets.update_dataset), ("PUT", d + "/{d}", datasets.update_dataset),
            ("DELETE", d + "/{d}", datasets.delete_dataset),
            ("GET", t, tables.list_tables), ("POST", t, tables.insert_table), ("GET", t + "/{t}", tables.get_table),
            ("PATCH", t + "/{t}", tables.update_table), ("PUT", t + "/{t}", tables.update_table), ("DELETE", t + "/{t}", tables.delete_table),
            ("GET", t + "/{t}/data", tables.list_rows), ("POST", t + "/{t}/insertAll", tables.insert_rows),
            ("POST", t + "/{t}:{verb}", tables.iam_policy), ("GET", t + "/{t}/rowAccessPolicies", datasets.empty_list("rowAccessPolicies")),
            ("GET", r, datasets.list_routines), ("POST", r, datasets.put_routine), ("GET", r + "/{r}", datasets.get_routine),
            ("PUT", r + "/{r}", datasets.put_routine), ("DELETE", r + "/{r}", datasets.delete_routine),
            ("GET", d + "/{d}/models", datasets.empty_list("models")),
            ("GET", f"{ROOT}/{{p}}/jobs", list_jobs), ("GET", "/bigquery/v2/projects", list_projects),
            ("GET", f"{ROOT}/{{p}}/jobs/{{j}}", get_job), ("POST", f"{ROOT}/{{p}}/jobs/{{j}}/cancel", cancel_job),
            ("DELETE", f"{ROOT}/{{p}}/jobs/{{j}}/delete", delete_job),
            ("GET", f"{ROOT}/{{p}}/serviceAccount", lambda jobs, r: {"kind": "bigquery#getServiceAccountResponse", "email": "sandbox@localhost"}),
        ]  # fmt: skip
        routes = [
            Route(path, self._answer(handler), methods=[method]) for method, path, handler in reversed(plain)
        ]
        routes = sorted(routes, key=lambda route: ":" not in route.path)
        return [
            Route("/health", health),
            *(
                Route(f"{prefix}{ROOT}/{{p}}/jobs", self._upload, methods=["POST", "PUT"])
                for prefix in ("/upload", "/resumable/upload")
            ),
            Route(f"{ROOT}/{{p}}/jobs", self._insert_job, methods=["POST"]),
            Route(f"{ROOT}/{{p}}/queries", self._query, methods=["POST"]),
            Route(f"{ROOT}/{{p}}/queries/{{j}}", self._results, methods=["GET"]),
            *routes,
            Route("/{rest:path}", unknown, methods=["GET", "POST", "PUT", "PATCH", "DELETE"]),
        ]

    def _answer(self, handler: Handler) -> Callable[[HttpRequest], Any]:
        async def endpoint(http: HttpRequest) -> Response:
            async def answer() -> Response:
                request = await read(http)
                told = await run_in_threadpool(handler, self.jobs, request)
                return Response(status_code=204) if told is None else JSONResponse(told)

            return await guarded(answer)

        return endpoint

    async def _insert_job(self, http: HttpRequest) -> Response:
        async def answer() -> Response:
            request = await read(http)
            job = self._submit(request)
            await wait(job, 0.3)
            if job.dry_run:
                await wait(job, LONGEST_WAIT)
                if job.failure is not None:
                    raise job.failure
            return JSONResponse(resource(job, request.host))

        return await guarded(answer)

    def _submit(self, request: Request) -> Job:
        reference = request.body.get("jobReference") or {}
        configuration = request.body.get("configuration")
        if not isinstance(configuration, dict):
            raise Failure("required", "Required parameter is missing: configuration")
        return self.jobs.submit(request.path["p"], reference.get("jobId"), configuration)

    async def _query(self, http: HttpRequest) -> Response:
        """jobs.query: the job and the first page of its rows in one request."""

        async def answer() -> Response:
            request = await read(http)
            kept = (
                "query",
                "defaultDataset",
                "queryParameters",
                "parameterMode",
                "useLegacySql",
                "maximumBytesBilled",
                "useQueryCache",
            )
            told = {k: v for k, v in request.body.items() if k in kept}
            configuration = {
                "query": told,
                "dryRun": request.body.get("dryRun", False),
                "labels": request.body.get("labels") or {},
            }
            job = self.jobs.submit(request.path["p"], None, configuration)
            await wait(job, min(float(request.body.get("timeoutMs") or 10_000) / 1000, LONGEST_WAIT))
            return JSONResponse(
                await run_in_threadpool(
                    results, self.jobs, request, job, int(request.body.get("maxResults") or 100_000)
                )
            )

        return await guarded(answer)

    async def _results(self, http: HttpRequest) -> Response:
        """jobs.getQueryResults: waits for the job, then tells a page of its rows."""

        async def answer() -> Response:
            request = await read(http)
            job = self.jobs.get(request.path["p"], request.path["j"])
            await wait(job, min(request.number("timeoutMs", 10_000) / 1000, LONGEST_WAIT))
            most = request.number("maxResults", 100_000)
            return JSONResponse(await run_in_threadpool(results, self.jobs, request, job, most))

        return await guarded(answer)

    async def _upload(self, http: HttpRequest) -> Response:
        async def answer() -> Response:
            query = dict(http.query_params)
            if http.method == "PUT" or "upload_id" in query:
                return await self._resume(http, query.get("upload_id", ""))
            if query.get("uploadType") == "resumable":
                request = await read(http)
                name = self.uploads.begin(request.path["p"], request.body)
                address = f"{request.host}/upload{ROOT}/{request.path['p']}/jobs?uploadType=resumable&upload_id={name}"
                return Response(status_code=200, headers={"Location": address, "X-GUploader-UploadID": name})
            if query.get("uploadType") != "multipart":
                raise Failure("badRequest", f"Invalid upload type: {query.get('uploadType')}")
            body = await limited_body(http, 1_000_000_000)
            told, path = await run_in_threadpool(
                self.uploads.multipart, body, http.headers.get("content-type", "")
            )
            return self._load(http.path_params["p"], told, [path], host_of(http))

        return await guarded(answer)

    async def _resume(self, http: HttpRequest, name: str) -> Response:
        upload = self.uploads.get(name)
        complete = await self.uploads.receive(upload, http.stream(), http.headers.get("content-range", ""))
        if not complete:
            headers = {"Range": f"bytes=0-{upload.received - 1}"} if upload.received else {}
            return Response(status_code=308, headers=headers)
        self.uploads.finish(name)
        if not upload.path.exists():
            upload.path.touch()
        return self._load(upload.project, upload.job, [upload.path], host_of(http))

    def _load(self, project: str, told: dict[str, Any], files: list[Any], host: str) -> Response:
        reference = told.get("jobReference") or {}
        configuration = told.get("configuration")
        if not isinstance(configuration, dict) or "load" not in configuration:
            raise Failure("required", "Required parameter is missing: configuration.load")
        job = self.jobs.submit(project, reference.get("jobId"), configuration, files)
        return JSONResponse(resource(job, host))


async def wait(job: Job, seconds: float) -> None:
    """Until the job has ended, at most so long; no thread waits."""
    end, pause = time.monotonic() + seconds, 0.002
    while not job.done.is_set() and time.monotonic() < end:
        await asyncio.sleep(pause)
        pause = min(pause * 1.5, 0.05)


def results(jobs: Jobs, request: Request, job: Job, most: int) -> dict[str, Any]:
    """The answer of getQueryResults; a job that failed is an error."""
    told: dict[str, Any] = {
        "kind": "bigquery#getQueryResultsResponse", "etag": job.name, "jobComplete": job.done.is_set(),
        "jobReference": {"projectId": job.project, "jobId": job.name, "location": job.location},
    }  # fmt: skip
    if not job.done.is_set():
        return told
    if job.failure is not None:
        raise job.failure
    assert job.outcome is not None
    told |= {"cacheHit": False, "totalBytesProcessed": str(job.outcome.processed), "totalBytesBilled": "0"}
    if job.outcome.affected is not None:
        told["numDmlAffectedRows"] = str(job.outcome.affected)
    start = request.number("pageToken", request.number("startIndex", 0))
    return told | tables.query_page(jobs, request, job, start, most)


def list_jobs(jobs: Jobs, r: Request) -> dict[str, Any]:
    found = jobs.of(r.path["p"], r.query.get("parentJobId"))
    states = [s.upper() for s in r.query.get("stateFilter", "").split(",") if s]
    if states:
        found = [j for j in found if j.state in states]
    entries = []
    for job in found:
        told = resource(job, r.host)
        told["state"] = job.state
        if job.failure is not None:
            told["errorResult"] = job.failure.proto()
        entries.append(told)
    return paged(r, "jobs", entries, {"kind": "bigquery#jobList"})


def get_job(jobs: Jobs, r: Request) -> dict[str, Any]:
    return resource(jobs.get(r.path["p"], r.path["j"]), r.host)


def cancel_job(jobs: Jobs, r: Request) -> dict[str, Any]:
    return {
        "kind": "bigquery#jobCancelResponse",
        "job": resource(jobs.cancel(r.path["p"], r.path["j"]), r.host),
    }


def delete_job(jobs: Jobs, r: Request) -> None:
    jobs.delete(r.path["p"], r.path["j"])


def list_projects(jobs: Jobs, r: Request) -> dict[str, Any]:
    names = sorted({p for p, _ in jobs.warehouse.catalog.datasets})
    return {
        "kind": "bigquery#projectList",
        "projects": [{"id": n, "projectReference": {"projectId": n}} for n in names],
    }


async def health(http: HttpRequest) -> Response:
    return JSONResponse({"status": "ready"})


async def unknown(http: HttpRequest) -> Response:
    return refused(Failure("notFound", f"Not found: {http.method} {http.url.path}"))


def host_of(http: HttpRequest) -> str:
    return f"{http.url.scheme}://{http.headers.get('host', http.url.netloc)}"


async def read(http: HttpRequest) -> Request:
    """The request with its JSON body. Raises Failure for one that is malformed or too large."""
    body = (
        parse_object(await limited_body(http, MOST_JSON)) if http.method in ("POST", "PUT", "PATCH") else {}
    )
    return Request(
        http.method, dict(http.path_params), dict(http.query_params), body, dict(http.headers), host_of(http)
    )


async def limited_body(http: HttpRequest, most: int) -> bytes:
    told = http.headers.get("content-length", "0")
    if told.isdigit() and int(told) > most:
        raise Failure("uploadTooLarge", f"Request payload size exceeds the limit: {most} bytes.")
    chunks, size = [], 0
    async for chunk in http.stream():
        size += len(chunk)
        if size > most:
            raise Failure("uploadTooLarge", f"Request payload size exceeds the limit: {most} bytes.")
        chunks.append(chunk)
    data = b"".join(chunks)
    if http.headers.get("content-encoding") == "gzip":
        try:
            with gzip.open(io.BytesIO(data)) as packed:
                data = packed.read(most + 1)
        except (OSError, EOFError) as error:
            raise Failure("badRequest", f"The body is not gzip: {error}") from error
        if len(data) > most:
            raise Failure("uploadTooLarge", f"Request payload size exceeds the limit: {most} bytes.")
    return data


def refused(failure: Failure) -> Response:
    return Response(
        json.dumps(failure.body()),
        failure.status if failure.status != 200 else 400,
        media_type="application/json",
    )


async def guarded(answer: Callable[[], Any]) -> Response:
    """A failure becomes its answer; a fault of the stand-in becomes a 500 and harms nobody else."""
    try:
        response: Response = await answer()
        return response
    except Failure as failure:
        return refused(failure)
    except ClientDisconnect:
        return Response(status_code=499)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        log.exception("a request that was not understood")
        return refused(Failure("invalid", f"Invalid request: {type(error).__name__}: {error}"))
    except Exception as error:
        log.exception("a fault of the stand-in")
        return refused(Failure("internalError", f"The stand-in failed: {type(error).__name__}: {error}"))
