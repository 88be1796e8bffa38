"""Aggregates and window functions.

https://docs.aws.amazon.com/redshift/latest/dg/c_Aggregate_Functions.html
https://docs.aws.amazon.com/redshift/latest/dg/c_Window_functions.html
"""

from __future__ import annotations

from typing import Any

from sandbox.redshift.language.functions import (
    FRAMED,
    NEIGHBOURS,
    RANKING,
    SIGNATURES,
    UNORDERED_WINDOW,
    WINDOW_ONLY,
)  # fmt: skip
from sandbox.redshift.language.refusal import NO_FEATURE, SYNTAX, refused, unsupported
from sandbox.redshift.language.tree import Brackets, Call, Literal, OrderItem, Window
from sandbox.redshift.language.types import (
    BIGINT,
    DOUBLE,
    FLOATS,
    NUMBERS,
    OPAQUE,
    TEXTUAL,
    WHOLE,
    Type,
    in_postgres,
)  # fmt: skip
from sandbox.redshift.language.writing import values
from sandbox.redshift.language.writing.calls import PlainCallWriter, no_function
from sandbox.redshift.language.writing.scopes import Scope, Written

WHOLE_PARTITION = "rows between unbounded preceding and unbounded following"
SYNOPSIS = "r_Window_function_synopsis.html"


class AggregateWriter(PlainCallWriter):
    """A call of an aggregate, with or without OVER, or of a window function."""

    def aggregate(self, call: Call, scope: Scope) -> Written | None:
        name = call.name[-1]
        if call.over is None:
            if name in WINDOW_ONLY:
                message = f"window function {name} requires an OVER clause"
                raise refused(message, call.at, "c_Window_functions.html", "42P20")
            scope.aggregates = True
        else:
            scope.windows = True
            self._check_window(name, call, call.over)
        if call.nulls and name not in NEIGHBOURS | FRAMED:
            raise refused(f"{call.nulls.upper()} NULLS is not allowed for {name}", call.at, SYNOPSIS, SYNTAX)
        if call.within is not None and name not in ("listagg", "percentile_cont", "percentile_disc"):
            raise refused(
                f"WITHIN GROUP is not allowed for {name}", call.at, "c_Aggregate_Functions.html", "42809"
            )
        if call.star and name != "count":
            raise no_function(call, [])
        special = getattr(self, f"aggregate_{name}", None)
        written: Written | None = special(call, scope) if special else self._plain_aggregate(call, scope)
        return written

    def _check_window(self, name: str, call: Call, over: Window) -> None:
        if call.distinct:
            raise refused(
                "DISTINCT is not supported in a window function",
                call.at,
                "c_Window_functions.html",
                NO_FEATURE,
            )
        if name in RANKING | NEIGHBOURS:
            if over.frame:
                raise refused(f"a window frame is not allowed for {name}", over.at, SYNOPSIS, SYNTAX)
            if not over.order and name in NEIGHBOURS:
                raise refused(
                    f"{name} needs an ORDER BY in its OVER clause",
                    over.at,
                    f"r_WF_{name.upper()}.html",
                    SYNTAX,
                )
        elif over.order and name in UNORDERED_WINDOW:
            raise refused(f"ORDER BY is not allowed in the OVER clause of {name}", over.at, SYNOPSIS, SYNTAX)
        elif over.order and not over.frame:
            raise refused(
                "Aggregate window functions with an ORDER BY clause require a frame clause",
                over.at,
                SYNOPSIS,
                SYNTAX,
            )
        for item in [*over.partition, *(i.expression for i in over.order)]:
            inner = item.expression if isinstance(item, Brackets) else item
            if isinstance(inner, Literal) and inner.kind == "text":
                raise refused(
                    "a string literal is not supported in PARTITION BY or ORDER BY of a window",
                    inner.at,
                    SYNOPSIS,
                    SYNTAX,
                )

    # ---------- the window itself

    def window(self, call: Call, scope: Scope, order: str = "", frame: str | None = None) -> str:
        """' over (…)', or nothing."""
        over = call.over
        if over is None:
            return ""
        pieces = []
        if over.partition:
            pieces.append("partition by " + ", ".join(self.write(p, scope).sql for p in over.partition))
        if order or over.order:
            pieces.append(f"order by {order or self.order_list(over.order, scope)}")
        shown = over.frame if frame is None else frame
        if shown:
            pieces.append(shown)
        return f" over ({' '.join(pieces)})"

    def order_list(self, items: list[OrderItem], scope: Scope) -> str:
        """NULLs come last ascending and first descending on both."""
        return ", ".join(ordered(self._order_key(item.expression, scope), item) for item in items)

    def _order_key(self, node: Any, scope: Scope) -> str:
        written = self.write(node, scope)
        if isinstance(node, Literal):
            # an integer alone would be the position of a column; a constant here means no order
            return f"(select {written.sql})"
        return written.sql

    # ---------- plain aggregates

    def _plain_aggregate(self, call: Call, scope: Scope) -> Written | None:
        name = call.name[-1]
        plain = Call(["pg_catalog", name], call.arguments, call.at)
        written = self._function_of(plain, scope)
        sql = written.sql
        if call.distinct:
            opening = sql.index("(") + 1
            sql = f"{sql[:opening]}distinct {sql[opening:]}"
        if call.over is not None:
            sql += self.window(call, scope)
        return Written(sql, written.type, True)

    def aggregate_stddev(self, call: Call, scope: Scope) -> Written:
        """r_STDDEV_functions, r_VARIANCE_functions: DOUBLE PRECISION, whatever the numbers are."""
        value = self._one(call, scope)
        if value.type.name not in (*NUMBERS, "opaque", "null", "unknown"):
            raise no_function(call, [value])
        name = {"stddev": "stddev_samp", "variance": "var_samp"}.get(call.name[-1], call.name[-1])
        distinct = "distinct " if call.distinct else ""
        inner = f"{distinct}cast({value.sql} as double precision)"
        return Written(f"{name}({inner}){self.window(call, scope)}", DOUBLE, True)

    aggregate_stddev_samp = aggregate_stddev_pop = aggregate_stddev
    aggregate_variance = aggregate_var_samp = aggregate_var_pop = aggregate_stddev

    def _function_of(self, call: Call, scope: Scope) -> Written:
        return self._plain(call, SIGNATURES[call.name[-1]], scope)

    def _one(self, call: Call, scope: Scope) -> Written:
        if len(call.arguments) != 1:
            raise no_function(call, self._arguments(call, scope))
        return self.write(call.arguments[0], scope)

    def aggregate_count(self, call: Call, scope: Scope) -> Written:
        """COUNT ( * | [ DISTINCT | ALL ] expression ), exact also when it is asked to be APPROXIMATE."""
        if call.star:
            return Written(f"count(*){self.window(call, scope)}", BIGINT, True)
        if call.approximate and not call.distinct:
            raise refused("APPROXIMATE is for COUNT ( DISTINCT … )", call.at, "r_COUNT.html", SYNTAX)
        value = self._one(call, scope)
        inner = f"distinct {value.sql}" if call.distinct else value.sql
        return Written(f"count({inner}){self.window(call, scope)}", BIGINT, True)

    def aggregate_sum(self, call: Call, scope: Scope) -> Written:
        """r_SUM: BIGINT for SMALLINT and INTEGER, NUMERIC for BIGINT, NUMERIC(38, s), DOUBLE PRECISION for floats."""
        value = self._one(call, scope)
        name = value.type.name
        if name in ("varchar", "char", "boolean", "date", "timestamp"):
            raise no_function(call, [value])
        distinct = "distinct " if call.distinct else ""
        if name == "real":
            value = Written(f"cast({value.sql} as double precision)", DOUBLE, True)
        sql = f"sum({distinct}{value.sql}){self.window(call, scope)}"
        if name == "bigint":
            return Written(sql, Type("numeric", 38, 0), True)
        if name in WHOLE:
            return Written(sql, BIGINT, True)
        if name == "numeric":
            return Written(sql, Type("numeric", 38 if value.type.size else None, value.type.scale), True)
        return Written(sql, DOUBLE if name in FLOATS else value.type if name == "interval" else OPAQUE, True)

    def aggregate_avg(self, call: Call, scope: Scope) -> Written:
        """r_AVG: BIGINT for whole numbers, NUMERIC(38, s), DOUBLE PRECISION for floats."""
        value = self._one(call, scope)
        name = value.type.name
        if name in ("varchar", "char", "boolean", "date", "timestamp"):
            raise no_function(call, [value])
        distinct = "distinct " if call.distinct else ""
        sql = f"avg({distinct}{value.sql}){self.window(call, scope)}"
        if name in WHOLE:
            return Written(f"cast(trunc({sql}) as bigint)", BIGINT, True)
        if name == "numeric" and value.type.size is not None:
            type_ = Type("numeric", 38, value.type.scale)
            # the guide's average of 2.50, 3.75 and 1.90 is 2.71 (r_FROM_clause-pivot-unpivot-examples)
            cut = f"trunc({sql}, {value.type.scale})"
            return Written(f"cast({cut} as {in_postgres(type_)})", type_, True)
        if name == "opaque":
            return Written(f"redshift.avg({distinct}{value.sql}){self.window(call, scope)}", OPAQUE, True)
        return Written(
            sql, DOUBLE if name in FLOATS else Type("numeric") if name == "numeric" else OPAQUE, True
        )

    def aggregate_max(self, call: Call, scope: Scope) -> Written:
        value = self._one(call, scope)
        if value.type.name == "boolean":
            raise no_function(call, [value])
        shown = f"cast({value.sql} as varchar)" if value.type.name == "unknown" else value.sql
        type_ = Type("varchar", value.type.size) if value.type.name == "unknown" else value.type
        return Written(f"{call.name[-1]}({shown}){self.window(call, scope)}", type_, True)

    aggregate_min = aggregate_max

    # ---------- aggregates that sort

    def aggregate_listagg(self, call: Call, scope: Scope) -> Written:
        """r_LISTAGG: NULL and '' are left out; without a delimiter there is none."""
        arguments = self._arguments(call, scope)
        if not 1 <= len(arguments) <= 2:
            raise no_function(call, arguments)
        item = (
            f"nullif({values.as_text(arguments[0])}, '')"
            if arguments[0].type.name in TEXTUAL
            else f"cast({values.as_text(arguments[0])} as varchar)"
        )
        delimiter = values.as_text(arguments[1]) if len(arguments) > 1 else "''"
        order = ""
        if call.within:
            keys = [(self.write(i.expression, scope).sql, i) for i in call.within]
            same = arguments[0].sql
            order = ", ".join(ordered(item if call.distinct and sql == same else sql, i) for sql, i in keys)
        result = Type("varchar", 65535)
        if call.over is not None:
            frame = WHOLE_PARTITION if order else None
            return Written(
                f"string_agg({item}, {delimiter}){self.window(call, scope, order, frame)}", result, True
            )
        distinct = "distinct " if call.distinct else ""
        inside = f" order by {order}" if order else ""
        return Written(f"string_agg({distinct}{item}, {delimiter}{inside})", result, True)

    def aggregate_median(self, call: Call, scope: Scope) -> Written:
        value = self._one(call, scope)
        if call.distinct:
            raise refused("DISTINCT is not allowed for median", call.at, "r_MEDIAN.html", SYNTAX)
        return self._percentile("cont", "0.5", value, False, call, scope)

    def aggregate_percentile_cont(self, call: Call, scope: Scope) -> Written:
        name = call.name[-1]
        if call.within is None or len(call.within) != 1:
            raise refused(
                f"{name} needs WITHIN GROUP (ORDER BY one expression)",
                call.at,
                f"r_{name.upper()}.html",
                SYNTAX,
            )
        share = self._one(call, scope)
        value = self.write(call.within[0].expression, scope)
        return self._percentile(name.split("_")[1], share.sql, value, call.within[0].descending, call, scope)

    aggregate_percentile_disc = aggregate_percentile_cont

    def _percentile(
        self, kind: str, share: str, value: Written, down: bool, call: Call, scope: Scope
    ) -> Written:
        type_ = value.type
        if type_.name in ("varchar", "char", "boolean") and kind == "cont":
            raise no_function(call, [value])
        if type_.name in WHOLE:
            value = Written(f"cast({value.sql} as numeric)", Type("numeric"), True)
            type_ = Type("numeric") if kind == "cont" else type_
        if type_.name == "date" and kind == "cont":
            value = Written(f"cast({value.sql} as timestamp)", Type("timestamp"), True)
        function = f"redshift.percentile_{kind}"
        wanted = (
            f"1 - cast({share} as double precision)"
            if down and kind == "cont"
            else f"cast({share} as double precision)"
        )
        if down and kind == "disc":
            function += "_desc"
        sql = f"{function}(redshift.sorted({value.sql}){self.window(call, scope)}, {wanted})"
        if type_.name == "date":
            return Written(f"cast({sql} as pg_catalog.date)", type_, True)
        if kind == "disc" and type_.name in WHOLE:
            return Written(f"cast({sql} as {type_.name})", type_, True)
        if type_.name == "numeric" and kind == "cont":
            return Written(sql, Type("numeric"), True)
        return Written(sql, DOUBLE if type_.name in FLOATS else type_, True)

    # ---------- window functions

    def aggregate_ratio_to_report(self, call: Call, scope: Scope) -> Written:
        """r_WF_RATIO_TO_REPORT: the value's share of the partition's sum, DOUBLE PRECISION."""
        value = self._one(call, scope)
        over = self.window(call, scope)
        share = f"cast({value.sql} as double precision) / nullif(cast(sum({value.sql}){over} as double precision), 0)"
        return Written(f"({share})", DOUBLE, True)

    def aggregate_first_value(self, call: Call, scope: Scope) -> Written:
        if len(call.arguments) != 1:
            raise no_function(call, self._arguments(call, scope))
        value = self._typed_value(call, scope)
        name = call.name[-1]
        if call.nulls == "ignore":
            name = "redshift.first_not_null" if name == "first_value" else "redshift.last_not_null"
        return Written(f"{name}({value.sql}){self.window(call, scope)}", value.type, True)

    aggregate_last_value = aggregate_first_value

    def aggregate_nth_value(self, call: Call, scope: Scope) -> Written:
        if call.nulls == "ignore":
            raise unsupported("NTH_VALUE with IGNORE NULLS", call.at, "r_WF_NTH.html")
        if len(call.arguments) != 2:
            raise no_function(call, self._arguments(call, scope))
        value = self._typed_value(call, scope)
        place = self.write(call.arguments[1], scope)
        return Written(
            f"nth_value({value.sql}, cast({place.sql} as integer)){self.window(call, scope)}",
            value.type,
            True,
        )

    def aggregate_lag(self, call: Call, scope: Scope) -> Written:
        """r_WF_LAG, r_WF_LEAD: value and offset, no default."""
        name = call.name[-1]
        if len(call.arguments) > 2:
            message = f"Default parameter not be supported for window function {name}"
            raise refused(message, call.at, f"r_WF_{name.upper()}.html", NO_FEATURE)
        if not call.arguments:
            raise no_function(call, [])
        value = self._typed_value(call, scope)
        offset = self.write(call.arguments[1], scope).sql if len(call.arguments) > 1 else "1"
        if call.nulls != "ignore":
            return Written(
                f"{name}({value.sql}, cast({offset} as integer)){self.window(call, scope)}", value.type, True
            )
        if offset != "1":
            raise unsupported(
                f"{name.upper()} with IGNORE NULLS and an offset other than 1",
                call.at,
                f"r_WF_{name.upper()}.html",
            )
        back = name == "lag"
        frame = (
            "rows between unbounded preceding and 1 preceding"
            if back
            else "rows between 1 following and unbounded following"
        )
        function = "redshift.last_not_null" if back else "redshift.first_not_null"
        return Written(f"{function}({value.sql}){self.window(call, scope, frame=frame)}", value.type, True)

    aggregate_lead = aggregate_lag

    def _typed_value(self, call: Call, scope: Scope) -> Written:
        value = self.write(call.arguments[0], scope)
        if value.type.name in ("unknown", "null"):
            return Written(f"cast({value.sql} as varchar)", Type("varchar", value.type.size), True)
        return value


def ordered(sql: str, item: OrderItem) -> str:
    return f"{sql}{' desc' if item.descending else ''}{f' nulls {item.nulls}' if item.nulls else ''}"
