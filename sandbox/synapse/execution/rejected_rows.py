"""COPY INTO's ERRORFILE: the rows that were rejected, and why."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path

from sandbox.synapse.files.lake import Address, read_address
from sandbox.synapse.language import statements as s
from sandbox.synapse.session import Session

Fault = tuple[int, int, str, str]


def write(
    session: Session, statement: s.CopyInto, files: list[tuple[Address, Path]], faults: list[Fault]
) -> None:
    """Two files below <ERRORFILE>/_rejectedrows/<time>/: the rows, and the reasons. Nothing without ERRORFILE.

    faults: (number of the file, line, row as written, reason). They are written even where the load fails.
    """
    told = statement.options.get("ERRORFILE")
    if told is None:
        return
    folder = _folder(str(told), files[0][0], statement.line)
    moment = dt.datetime.now(dt.UTC).strftime("%Y%m%d-%H%M%S")
    home = folder.child("_rejectedrows").child(moment)
    stem = f"QID{session.facts.process}_{moment.replace('-', '_')}"
    rows = "".join(f"{raw}\n" for _, _, raw, _ in faults)
    reasons = "".join(f"{files[place][0]}, line {line}: {fault}\n" for place, line, _, fault in faults)
    for name, text in ((f"{stem}.Row.Txt", rows), (f"{stem}.Error.Txt", reasons)):
        with tempfile.TemporaryDirectory() as folder_name:
            local = Path(folder_name) / name
            local.write_text(text, encoding="utf-8")
            session.pool.lake.write(home.child(name), local)


def _folder(told: str, source: Address, line: int) -> Address:
    """A full address, or a path in the container of the files."""
    if "://" in told:
        return read_address(told, line)
    return Address(source.account, source.container, told.strip("/"))
