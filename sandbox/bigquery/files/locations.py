"""Where a URI is: gs://bucket/object below the folder of files that the server was started with, or a local path.

file:///path and /path are the stand-in's own; BigQuery knows gs:// and a few other clouds.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlparse

from sandbox.bigquery.errors import Failure, NotFound, Unsupported


def path_of(uri: str, root: Path | None) -> Path:
    """The path of a URI, which may hold a *. Raises Failure for one that leads elsewhere."""
    parsed = urlparse(uri)
    if parsed.scheme == "file":
        return Path(unquote(parsed.path))
    if uri.startswith("/"):
        return Path(uri)
    if parsed.scheme != "gs":
        raise Unsupported(f"the URI {uri}")
    if root is None:
        raise Unsupported(f"{uri}: the stand-in was started without a folder of files (--files)")
    inside = Path(parsed.netloc) / unquote(uri.split("/", 3)[3] if uri.count("/") > 2 else "")
    if ".." in inside.parts:
        raise Failure("invalid", f"Invalid URI: {uri}")
    return root / inside


def found(uris: list[str], root: Path | None) -> list[Path]:
    """The files of the URIs, in order. Raises NotFound for a URI without any."""
    files: list[Path] = []
    for uri in uris:
        path = path_of(uri, root)
        if uri.count("*") > 1:
            raise Failure("invalid", f"Only one wildcard is allowed in a URI: {uri}")
        matches = sorted(path.parent.glob(path.name)) if "*" in uri else [path] if path.is_file() else []
        if not matches:
            raise NotFound(f"Not found: URI {uri}")
        files += matches
    return files
