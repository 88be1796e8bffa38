"""Vectors against engines: groups the vectors by call, asks each engine once per call, and judges the answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tests.macros.engines import Answer, Engine, Question
from tests.macros.rendering import ADAPTERS
from tests.macros.vectors import Vector

PASSED, FAILED, NOT_SUPPORTED = "passed", "failed", "not supported"


@dataclass(frozen=True)
class Verdict:
    """What became of one vector on one engine."""

    vector: Vector
    outcome: str
    reason: str = ""


def calls_by_macro(vectors: Iterable[Vector]) -> dict[str, list[str]]:
    """The distinct Jinja calls of each macro, in order: what has to be rendered."""
    calls: dict[str, list[str]] = {}
    for vector in vectors:
        known = calls.setdefault(vector.macro, [])
        if vector.call not in known:
            known.append(vector.call)
    return calls


def judge(
    engine: Engine,
    vectors: Sequence[Vector],
    calls: Mapping[str, Sequence[str]],
    rendered: Mapping[str, Sequence[str]],
) -> list[Verdict]:
    """Verdicts in the order of the vectors. ``calls`` and ``rendered`` are of the engine's target, by macro."""
    sql = {
        (macro, call): text
        for macro, known in calls.items()
        for call, text in zip(known, rendered[macro], strict=True)
    }
    verdicts: dict[int, Verdict] = {}
    asked: dict[tuple[object, ...], list[tuple[int, Vector]]] = {}
    for i, vector in enumerate(vectors):
        if engine.adapter in vector.not_on:
            verdicts[i] = Verdict(vector, NOT_SUPPORTED, vector.not_on[engine.adapter])
        elif vector.shape == "rendered":
            verdicts[i] = _judge_text(vector, sql[vector.macro, vector.call], ADAPTERS[engine.target])
        else:
            key = (vector.macro, vector.call, vector.gives, vector.table.columns)
            asked.setdefault(key, []).append((i, vector))
    questions = [
        Question(sql[v.macro, v.call], v.shape, v.gives, tuple(vector.table for _, vector in group))
        for group in asked.values()
        for _, v in group[:1]
    ]
    for group, answers in zip(asked.values(), engine.evaluate(questions), strict=True):
        for (i, vector), given in zip(group, answers, strict=True):
            verdicts[i] = _judge(engine, vector, given)
    return [verdicts[i] for i in range(len(vectors))]


def _judge(engine: Engine, vector: Vector, given: Answer) -> Verdict:
    if given.error.startswith(NOT_SUPPORTED):
        return Verdict(vector, NOT_SUPPORTED, given.error)
    if given.error:
        return Verdict(vector, FAILED, f"{vector.where}: {vector.call} fails: {given.error}")
    if given.values != vector.expected:
        return Verdict(
            vector,
            FAILED,
            f"{vector.where}: {vector.call} of {vector.table.rows} gives {given.values}, not {vector.expected}",
        )
    if given.type_name and not engine.accepts(vector.gives, given.type_name):
        return Verdict(
            vector,
            FAILED,
            f"{vector.where}: {vector.call} has the type {given.type_name}, not {vector.gives}",
        )
    return Verdict(vector, PASSED)


def _judge_text(vector: Vector, text: str, adapter: str) -> Verdict:
    expected = vector.rendered[adapter]
    if text == expected:
        return Verdict(vector, PASSED)
    return Verdict(vector, FAILED, f"{vector.where}: {vector.call} is written {text!r}, not {expected!r}")
