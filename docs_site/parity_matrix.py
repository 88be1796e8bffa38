"""The certificate as a matrix mart x target for its page: what was compared, and how each cell came out."""

from __future__ import annotations

from typing import Any

EQUAL, DIFFERENT, UNREAD, REFERENCE = "equal", "different", "unread", "reference"


def matrix(certificate: dict[str, Any]) -> list[dict[str, Any]]:
    """One entry per mart: mart, rows (of the first target that could be read), columns, sentence, and ``cells``.

    A cell is {target, state, rows, columns}: state is ``reference`` on the first target, which the others are held
    against, else ``equal``, ``different`` or ``unread``; columns are the names of those that differ there.
    """
    return [_entry(mart, list(certificate["targets"])) for mart in certificate["marts"]]


def _entry(mart: dict[str, Any], targets: list[str]) -> dict[str, Any]:
    first = next((t for t in targets if t in mart["rows"]), "")
    return {
        "mart": mart["mart"],
        "verdict": mart["verdict"],
        "sentence": mart["sentence"],
        "rows": mart["rows"].get(first, 0),
        "columns": len(mart["columns"]),
        "cells": [_cell(mart, target, first) for target in targets],
    }


def _cell(mart: dict[str, Any], target: str, first: str) -> dict[str, Any]:
    cell: dict[str, Any] = {
        "target": target,
        "state": UNREAD,
        "rows": mart["rows"].get(target),
        "columns": [],
    }
    if target not in mart["rows"]:
        return cell
    if target == first:
        return cell | {"state": REFERENCE}
    cell["columns"] = [c["column"] for c in mart["columns"] if c["sums"].get(target) != c["sums"].get(first)]
    same = not cell["columns"] and mart["bound"].get(target) == mart["bound"].get(first)
    return cell | {"state": EQUAL if same else DIFFERENT}
