"""Calls of functions: checked against what Redshift documents, then written one by one where PostgreSQL differs."""

from __future__ import annotations

from collections.abc import Callable

from sandbox.redshift.language import functions
from sandbox.redshift.language.functions import SIGNATURES, SPECIAL
from sandbox.redshift.language.refusal import GUIDE, NO_FUNCTION, Refused, refused, unsupported
from sandbox.redshift.language.tree import Call
from sandbox.redshift.language.types import (
    DATE,
    FLOATS,
    INTEGER,
    MOMENTS,
    NUMBERS,
    OPAQUE,
    SUPER,
    TEXTUAL,
    TIMESTAMP,
    TIMESTAMPTZ,
    WHOLE,
    Type,
    in_postgres,
    of_arithmetic,
)  # fmt: skip
from sandbox.redshift.language.writing import dates, values
from sandbox.redshift.language.writing.expressions import ExpressionWriter
from sandbox.redshift.language.writing.predicates import unified
from sandbox.redshift.language.writing.scopes import Scope, Written
from sandbox.redshift.language.writing.values import bracketed, comparable

Special = Callable[[Call, Scope], Written]


def no_function(call: Call, arguments: list[Written]) -> Refused:
    """Redshift's own words for a function that it lacks, or that takes other arguments."""
    names = {
        "varchar": "character varying",
        "unknown": '"unknown"',
        "null": '"unknown"',
        "opaque": '"unknown"',
    }
    told = ", ".join(names.get(a.type.name, a.type.name) for a in arguments)
    return Refused(
        NO_FUNCTION,
        f"function {'.'.join(call.name)}({told}) does not exist",
        GUIDE
        + (
            "c_SQL_functions.html"
            if functions.exists(call.name[-1])
            else "c_unsupported-postgresql-functions.html"
        ),
        call.at,
    )


class PlainCallWriter(ExpressionWriter):
    """Functions of one value. Aggregates and window functions are in aggregates.py."""

    def __init__(self) -> None:
        super().__init__()
        self.leader_calls: list[tuple[str, int]] = []

    def user_function(self, call: Call, scope: Scope) -> Written | None:
        raise NotImplementedError

    def aggregate(self, call: Call, scope: Scope) -> Written | None:
        raise NotImplementedError

    def write_call(self, call: Call, scope: Scope) -> Written:
        name = call.name[-1]
        if len(call.name) > 1 and call.name[-2] != "pg_catalog":
            written = self.user_function(call, scope)
            if written is None:
                raise no_function(call, [self.write(a, scope) for a in call.arguments])
            return written
        if name in functions.AGGREGATES or name in functions.WINDOW_ONLY:
            written = self.aggregate(call, scope)
            if written is not None:
                return written
        if call.star or call.within is not None or call.over is not None or call.distinct or call.nulls:
            if functions.exists(name) and not call.star:
                word = (
                    "OVER"
                    if call.over is not None
                    else "WITHIN GROUP"
                    if call.within is not None
                    else "DISTINCT"
                )
                message = f"{word} specified, but {name} is not a window function nor an aggregate function"
                raise refused(message, call.at, "c_Window_functions.html", "42809")
            if not functions.exists(name):
                raise no_function(call, [])
        if name in functions.LEADER_ONLY:
            self.leader_calls.append((name, call.at))
        if name in SPECIAL:
            least, most = SPECIAL[name]
            if not least <= len(call.arguments) <= most:
                raise no_function(call, [self.write(a, scope) for a in call.arguments])
            special: Special | None = getattr(self, f"call_{name}", None)
            if special is None:
                raise unsupported(f"the function {name}", call.at, "c_SQL_functions.html")
            return special(call, scope)
        if name in functions.NOT_HERE or name.startswith("st_") or name.startswith("h3_"):
            raise unsupported(f"the function {name}", call.at, "c_SQL_functions.html")
        signature = SIGNATURES.get(name)
        if signature is None:
            written = self.user_function(call, scope)
            if written is None:
                raise no_function(call, [self.write(a, scope) for a in call.arguments])
            return written
        return self._plain(call, signature, scope)

    def _plain(self, call: Call, signature: functions.Signature, scope: Scope) -> Written:
        arguments = [self.write(a, scope) for a in call.arguments]
        if not signature.least <= len(arguments) <= signature.most:
            raise no_function(call, arguments)
        shown = [
            self._argument(value, letter, call, arguments)
            for value, letter in zip(arguments, signature.arguments, strict=False)
        ]
        result = functions.result_of(signature, [a.type for a in arguments])
        return Written(f"{signature.postgres}({', '.join(shown)})", result, True)

    def _argument(self, value: Written, letter: str, call: Call, arguments: list[Written]) -> str:
        name = value.type.name
        if letter == "s":
            if name == "boolean":
                raise no_function(call, arguments)
            return values.as_text(value)
        if letter == "i" and name in NUMBERS and name not in ("integer", "smallint"):
            whole = "bigint" if call.name[-1] in ("to_hex", "strtol", "fnv_hash") else "integer"
            return f"cast({value.sql} as {whole})"
        if letter in "td":
            if name in NUMBERS or name == "boolean":
                raise no_function(call, arguments)
            return dates.moment(value).sql
        if letter == "n" and name in ("varchar", "char", "boolean"):
            raise no_function(call, arguments)
        if letter == "j":
            return value.sql if name in ("super", "opaque") else f"to_jsonb({value.sql})"
        if letter == "a" and name in ("unknown", "null"):
            return f"cast({value.sql} as varchar)"
        return value.sql

    def _arguments(self, call: Call, scope: Scope) -> list[Written]:
        return [self.write(argument, scope) for argument in call.arguments]

    # ---------- conditions

    def call_coalesce(self, call: Call, scope: Scope) -> Written:
        """COALESCE and NVL: "a list of zero or more"; one type for all (r_NVL_function)."""
        arguments = self._arguments(call, scope)
        return unified(f"coalesce({', '.join(a.sql for a in arguments)})", arguments)

    call_nvl = call_coalesce

    def call_nvl2(self, call: Call, scope: Scope) -> Written:
        subject, given, missing = self._arguments(call, scope)
        sql = f"case when {bracketed(subject)} is not null then {given.sql} else {missing.sql} end"
        return unified(sql, [given, missing])

    def call_nullif(self, call: Call, scope: Scope) -> Written:
        first, second = self._arguments(call, scope)
        left, right = comparable(first, second, call.at)
        type_ = Type("varchar", first.type.size) if first.type.name == "unknown" else first.type
        if left == bracketed(first) and right == bracketed(second):
            return Written(f"nullif({first.sql}, {second.sql})", type_, True)
        return Written(f"(case when {left} = {right} then null else {first.sql} end)", type_, True)

    def call_greatest(self, call: Call, scope: Scope) -> Written:
        arguments = self._arguments(call, scope)
        return unified(f"{call.name[-1]}({', '.join(a.sql for a in arguments)})", arguments)

    call_least = call_greatest

    def call_decode(self, call: Call, scope: Scope) -> Written:
        """r_DECODE_expression: "treats two NULL values as equal"."""
        subject, *rest = self._arguments(call, scope)
        pairs = list(zip(rest[0::2], rest[1::2], strict=False))
        default = rest[-1] if len(rest) % 2 else None
        branches = []
        for search, result in pairs:
            left, right = comparable(subject, search, call.at)
            branches.append(f"when {left} is not distinct from {right} then {result.sql}")
        tail = f" else {default.sql}" if default is not None else ""
        results = [result for _, result in pairs] + ([default] if default is not None else [])
        return unified(f"case {' '.join(branches)}{tail} end", results)

    def call_concat(self, call: Call, scope: Scope) -> Written:
        """r_CONCAT: exactly two, and NULL when either is."""
        first, second = self._arguments(call, scope)
        for value in (first, second):
            if value.type.name == "boolean":
                raise no_function(call, [first, second])
        sizes = [v.type.size if v.type.name in TEXTUAL else None for v in (first, second)]
        size = None if None in sizes else min(sum(s or 0 for s in sizes), 65535)
        texts = [f"cast({values.as_text(v)} as varchar)" for v in (first, second)]
        return Written(f"({texts[0]} || {texts[1]})", Type("varchar", size), True)

    # ---------- numbers

    def call_round(self, call: Call, scope: Scope) -> Written:
        """r_ROUND: "returns the same numeric data type as the input"."""
        arguments = self._arguments(call, scope)
        value = arguments[0]
        digits = f"cast({arguments[1].sql} as integer)" if len(arguments) > 1 else "0"
        return self._rounded("round", value, digits, call, arguments)

    def call_trunc(self, call: Call, scope: Scope) -> Written:
        arguments = self._arguments(call, scope)
        value = arguments[0]
        if value.type.name in MOMENTS:
            return dates.trunc_of_moment(value)
        if value.type.name == "opaque" and len(arguments) == 1:
            return Written(f"redshift.trunc({value.sql})", OPAQUE, True)
        digits = f"cast({arguments[1].sql} as integer)" if len(arguments) > 1 else "0"
        return self._rounded("trunc", value, digits, call, arguments)

    def _rounded(
        self, name: str, value: Written, digits: str, call: Call, arguments: list[Written]
    ) -> Written:
        type_ = value.type
        if type_.name in ("varchar", "char", "boolean"):
            raise no_function(call, arguments)
        if type_.name in FLOATS:
            if digits == "0":
                return Written(f"redshift.{name}_double({value.sql})", type_, True)
            inner = f"{name}(cast({value.sql} as numeric), {digits})"
            return Written(f"cast({inner} as {type_.name})", type_, True)
        if type_.name in WHOLE:
            inner = f"{name}(cast({value.sql} as numeric), {digits})"
            return Written(f"cast({inner} as {type_.name})", type_, True)
        if type_.name == "numeric" and type_.size is not None:
            return Written(f"cast({name}({value.sql}, {digits}) as {in_postgres(type_)})", type_, True)
        return Written(f"{name}(cast({value.sql} as numeric), {digits})", Type("numeric"), True)

    def call_ceil(self, call: Call, scope: Scope) -> Written:
        """r_CEILING_FLOOR: the argument's type."""
        arguments = self._arguments(call, scope)
        value, name = arguments[0], "floor" if call.name[-1] == "floor" else "ceil"
        if value.type.name in WHOLE:
            return Written(value.sql, value.type, value.atom)
        if value.type.name in ("varchar", "char", "boolean"):
            raise no_function(call, arguments)
        return Written(f"{name}({value.sql})", value.type, True)

    call_ceiling = call_ceil
    call_floor = call_ceil

    def call_sign(self, call: Call, scope: Scope) -> Written:
        value = self.write(call.arguments[0], scope)
        if value.type.name in WHOLE:
            return Written(f"cast(sign(cast({value.sql} as numeric)) as integer)", INTEGER, True)
        return Written(f"sign({value.sql})", value.type, True)

    def call_mod(self, call: Call, scope: Scope) -> Written:
        arguments = left, right = self._arguments(call, scope)
        if left.type.name in NUMBERS and right.type.name in NUMBERS:
            if left.type.name in FLOATS or right.type.name in FLOATS:
                raise no_function(call, arguments)
            return Written(f"mod({left.sql}, {right.sql})", of_arithmetic("%", left.type, right.type), True)
        return Written(f"mod({left.sql}, {right.sql})", OPAQUE, True)

    # ---------- dates

    def call_dateadd(self, call: Call, scope: Scope) -> Written:
        part = dates.date_part(call.arguments[0], call.at, "dateadd")
        amount, when = (self.write(a, scope) for a in call.arguments[1:])
        return dates.dateadd(part, amount, when)

    call_date_add = call_dateadd

    def call_datediff(self, call: Call, scope: Scope) -> Written:
        part = dates.date_part(call.arguments[0], call.at, "datediff")
        first, second = (self.write(a, scope) for a in call.arguments[1:])
        return dates.datediff(part, first, second)

    call_date_diff = call_datediff

    def call_date_trunc(self, call: Call, scope: Scope) -> Written:
        part = dates.date_part(call.arguments[0], call.at, "date_trunc")
        return dates.date_trunc(part, self.write(call.arguments[1], scope))

    def call_date_part(self, call: Call, scope: Scope) -> Written:
        part = dates.date_part(call.arguments[0], call.at, "date_part")
        return dates.part_of(part, self.write(call.arguments[1], scope))

    call_pgdate_part = call_date_part

    def call_extract(self, call: Call, scope: Scope) -> Written:
        part = dates.date_part(call.arguments[0], call.at, "extract")
        return dates.extract(part, self.write(call.arguments[1], scope))

    def call_convert_timezone(self, call: Call, scope: Scope) -> Written:
        """CONVERT_TIMEZONE ( [ source, ] target, timestamp ): TIMESTAMP"""
        *zones, when = self._arguments(call, scope)
        shown = ", ".join(values.as_text(zone) for zone in zones)
        moment = dates.moment(when)
        if moment.type.name == "date":
            moment = Written(f"cast({moment.sql} as timestamp)", TIMESTAMP, True)
        return Written(f"redshift.convert_timezone({shown}, {moment.sql})", TIMESTAMP, True)

    def call_date(self, call: Call, scope: Scope) -> Written:
        """DATE ( x ): the cast as PostgreSQL 8.0 had it; the guide does not list it, and it is widely used."""
        [value] = self._arguments(call, scope)
        if value.type.name in NUMBERS or value.type.name == "boolean":
            raise no_function(call, [value])
        return Written(f"cast({value.sql} as pg_catalog.date)", DATE, True)

    def call_current_date(self, call: Call, scope: Scope) -> Written:
        return Written("cast(redshift.getdate() as pg_catalog.date)", DATE, True)

    def call_sysdate(self, call: Call, scope: Scope) -> Written:
        """r_SYSDATE: the moment when the transaction began, with its fraction."""
        return Written("redshift.sysdate()", TIMESTAMP, True)

    def call_current_timestamp(self, call: Call, scope: Scope) -> Written:
        return Written("current_timestamp", TIMESTAMPTZ, True)

    def call_current_time(self, call: Call, scope: Scope) -> Written:
        return Written(call.name[-1], Type("timetz"), True)

    def call_localtimestamp(self, call: Call, scope: Scope) -> Written:
        return Written("localtimestamp", TIMESTAMP, True)

    def call_localtime(self, call: Call, scope: Scope) -> Written:
        return Written("localtime", Type("time"), True)

    # ---------- who and where

    def call_current_user(self, call: Call, scope: Scope) -> Written:
        return Written("cast(session_user as varchar(128))", Type("varchar", 128), True)

    call_session_user = call_current_user
    call_user = call_current_user

    def call_current_user_id(self, call: Call, scope: Scope) -> Written:
        return Written("redshift.current_user_id()", INTEGER, True)

    # ---------- SUPER and JSON

    def call_json_extract_path_text(self, call: Call, scope: Scope) -> Written:
        """JSON_EXTRACT_PATH_TEXT ( text, step [, …] [, null_if_invalid ] )"""
        arguments = self._arguments(call, scope)
        quiet = "false"
        if arguments[-1].type.name == "boolean":
            quiet = arguments.pop().sql
        if len(arguments) < 2:
            raise no_function(call, arguments)
        steps = ", ".join(f"cast({values.as_text(a)} as pg_catalog.text)" for a in arguments[1:])
        subject = values.as_text(arguments[0])
        return Written(
            f"redshift.json_extract_path_text(cast({subject} as pg_catalog.text), array[{steps}], {quiet})",
            Type("varchar", 65535),
            True,
        )

    def call_array(self, call: Call, scope: Scope) -> Written:
        """r_array: a SUPER array of the values."""
        items = self._arguments(call, scope)
        shown = [f"cast({i.sql} as pg_catalog.text)" if i.type.name in TEXTUAL else i.sql for i in items]
        return Written(f"jsonb_build_array({', '.join(shown)})", SUPER, True)

    def call_object(self, call: Call, scope: Scope) -> Written:
        items = self._arguments(call, scope)
        if len(items) % 2:
            raise no_function(call, items)
        shown = [f"cast({i.sql} as pg_catalog.text)" if i.type.name in TEXTUAL else i.sql for i in items]
        return Written(f"jsonb_build_object({', '.join(shown)})", SUPER, True)

    # ---------- GROUPING

    def call_grouping(self, call: Call, scope: Scope) -> Written:
        shown = [self.write(a, scope).sql for a in call.arguments]
        return Written(f"grouping({', '.join(shown)})", INTEGER, True)

    call_grouping_id = call_grouping
