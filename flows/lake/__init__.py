"""The lake: the only Python that knows object stores. One interface over a folder, Amazon S3, Azure and Google."""

from __future__ import annotations

from pathlib import Path

from flows.lake.access import Access, parse
from flows.lake.copying import Throttle, copy_object
from flows.lake.folder import FolderLake
from flows.lake.store import Lake, Stored

__all__ = ["Access", "FolderLake", "Lake", "Stored", "Throttle", "copy_object", "open_lake"]


def open_lake(root: str, access: Access | None = None) -> Lake:
    """The lake at a folder or at an address of an object store (flows/lake/access.py tells which forms there are).

    A vendor's library is imported only when it is used. SettingsError for an address that is not understood.
    """
    access = access or Access()
    place = parse(root, access)
    if place is None:
        return FolderLake(Path(root), access)
    if place.service == "S3":
        from flows.lake.s3 import S3Lake

        return S3Lake(root, place, access)
    if place.service == "Azure":
        from flows.lake.azure import AzureLake

        return AzureLake(root, place, access)
    from flows.lake.gcs import GcsLake

    return GcsLake(root, place, access)
