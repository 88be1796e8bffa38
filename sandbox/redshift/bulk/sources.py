"""Which objects a COPY reads: those under a prefix, or those that a manifest lists.

https://docs.aws.amazon.com/redshift/latest/dg/loading-data-files-using-manifest.html
"""

from __future__ import annotations

import json

from sandbox.redshift.bulk.failures import CopyFailed, no_bucket, no_prefix, spectrum
from sandbox.redshift.bulk.objects import SCHEME, NoSuchBucket, Objects


def sources(objects: Objects, uri: str, manifest: bool, columnar: bool) -> list[str]:
    """Addresses of the objects, in order. Raises CopyFailed when there are none, or one that must be there is not."""
    try:
        if manifest:
            return _listed(objects, uri, columnar)
        found = [stored.uri for stored in objects.under(uri) if not stored.uri.endswith("/")]
    except NoSuchBucket as problem:
        raise unreachable(uri) from problem
    if not found:
        raise no_prefix(key_of(uri))
    return found


def _listed(objects: Objects, uri: str, columnar: bool) -> list[str]:
    try:
        with objects.open(uri) as file:
            listed = json.load(file)
        entries = [
            (str(e["url"]), bool(e.get("mandatory", False)), e.get("meta", {}).get("content_length"))
            for e in listed["entries"]
        ]
    except FileNotFoundError as problem:
        raise no_prefix(key_of(uri)) from problem
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise CopyFailed(f"Invalid manifest file '{uri}': {problem!r}") from problem
    found = []
    for url, mandatory, length in entries:
        there = [stored for stored in objects.under(url) if stored.uri == url]
        if there:
            if columnar and length is None:
                raise spectrum(
                    f"The manifest's entry {url} has no meta.content_length, which columnar files need"
                )
            if length is not None and there[0].size != int(length):
                raise CopyFailed(f"The size of {url} is {there[0].size}, but its manifest says {length}")
            found.append(url)
        elif mandatory:
            raise CopyFailed(
                f"The specified S3 prefix '{key_of(url)}' does not exist: it is mandatory in the manifest {uri}"
            )
    if not found:
        raise no_prefix(key_of(uri))
    return found


def key_of(uri: str) -> str:
    """The key in an address, for an error's words."""
    return uri.removeprefix(SCHEME).partition("/")[2]


def unreachable(uri: str) -> CopyFailed:
    """Why an address leads to no bucket."""
    if uri.startswith(SCHEME):
        return no_bucket(uri.removeprefix(SCHEME).partition("/")[0])
    return CopyFailed(f"not supported by the stand-in: '{uri}'; only s3://bucket/prefix is served")
