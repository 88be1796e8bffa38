"""Calls of functions, and the forms that look like calls: https://docs.aws.amazon.com/redshift/latest/dg/c_SQL_functions.html"""

from __future__ import annotations

from typing import Any

from sandbox.redshift.language.parsing.types import TypeReader
from sandbox.redshift.language.refusal import GUIDE, SYNTAX, Refused, refused, unsupported
from sandbox.redshift.language.reserved_words import words
from sandbox.redshift.language.tokens import QUOTED, TEXT, WORD
from sandbox.redshift.language.tree import Call, Cast, Literal, OrderItem, Window

# Words that are functions without brackets.
BARE_FUNCTIONS = words(
    """
    current_date current_time current_timestamp current_user current_user_id localtime localtimestamp
    session_user sysdate user
    """
)


class CallReader(TypeReader):
    """Reads what stands in the brackets of a call and after them."""

    def expression(self, least: int = 1) -> Any:
        raise NotImplementedError

    def expressions(self) -> list[Any]:
        raise NotImplementedError

    def order_items(self) -> list[OrderItem]:
        found = [self._order_item()]
        while self.take(","):
            found.append(self._order_item())
        return found

    def _order_item(self) -> OrderItem:
        expression = self.expression()
        descending = self.take("desc")
        if not descending:
            self.take("asc")
        if self.sees("using"):
            raise self.unexpected("r_ORDER_BY_clause.html")
        nulls = ""
        if self.take("nulls"):
            if not self.sees("first", "last"):
                raise self.unexpected("r_ORDER_BY_clause.html")
            nulls = self.step().key
        return OrderItem(expression, descending, nulls)

    def call(self, name: list[str], at: int) -> Call:
        """From the bracket after the name on."""
        self.expect("(")
        call = Call(name, [], at)
        if self.take("*"):
            call.star = True
        elif not self.sees(")"):
            self._arguments(call)
        self.expect(")")
        self._after_call(call)
        return call

    def _arguments(self, call: Call) -> None:
        if self.take("distinct"):
            call.distinct = True
        else:
            self.take("all")
        while True:
            if self.sees("*") and self.ahead().key in (",", ")"):
                raise self.unexpected("c_SQL_functions.html")
            call.arguments.append(self.expression())
            if self.sees(":=", "=>"):
                raise self.unexpected("c_SQL_functions.html")
            if not self.take(","):
                break
        if self.sees("ignore", "respect"):
            call.nulls = self._null_treatment()
        if self.sees("order"):
            raise refused(
                "ORDER BY inside an aggregate's brackets is not supported",
                self.at,
                "c_Aggregate_Functions.html",
                SYNTAX,
            )
        if self.sees("separator", "limit", "from", "for"):
            raise self.unexpected("c_SQL_functions.html")

    def _null_treatment(self) -> str:
        word = self.step().key
        self.expect("nulls")
        return word

    def _after_call(self, call: Call) -> None:
        if self.take("within", "group"):
            self.expect("(", "order", "by")
            call.within = self.order_items()
            self.expect(")")
        if self.sees("filter") and self.ahead().key == "(":
            raise refused("FILTER (WHERE …) is not supported", self.at, "c_Aggregate_Functions.html", SYNTAX)
        # without OVER the words belong to the call around this one: last_value(nullif(a, 0) ignore nulls)
        if self.sees("ignore", "respect") and self.ahead().key == "nulls" and self.ahead(2).key != ")":
            call.nulls = self._null_treatment()
        if self.sees("over"):
            if self.ahead().key != "(":
                raise self.unexpected("r_Window_function_synopsis.html")
            self.index += 1
            call.over = self._window()

    def _window(self) -> Window:
        at = self.at
        self.expect("(")
        partition: list[Any] = []
        order: list[OrderItem] = []
        frame = ""
        if self.take("partition", "by"):
            partition = self.expressions()
        if self.take("order", "by"):
            order = self.order_items()
        if self.sees("range", "groups"):
            raise refused(
                f"the frame {self.token.key.upper()} is not supported: only ROWS is",
                self.at,
                "r_Window_function_synopsis.html",
                SYNTAX,
            )
        if self.sees("rows"):
            if not order:
                raise refused(
                    "a frame of ROWS needs an ORDER BY", self.at, "r_Window_function_synopsis.html", SYNTAX
                )
            frame = self._frame()
        if not self.sees(")"):
            raise self.unexpected("r_Window_function_synopsis.html")
        self.index += 1
        return Window(partition, order, frame, at)

    def _frame(self) -> str:
        at = self.at
        self.expect("rows")
        if not self.take("between"):
            bound, _ = self._bound()
            if bound.endswith("following"):
                return f"rows between current row and {bound}"
            return f"rows between {bound} and current row"
        first, low = self._bound()
        self.expect("and")
        last, high = self._bound()
        if low > high or first == "unbounded following" or last == "unbounded preceding":
            raise refused(
                "frame starting from the boundary cannot end before it",
                at,
                "r_Window_function_synopsis.html",
                "42P20",
            )
        return f"rows between {first} and {last}"

    def _bound(self) -> tuple[str, float]:
        if self.take("unbounded", "preceding"):
            return "unbounded preceding", float("-inf")
        if self.take("unbounded", "following"):
            return "unbounded following", float("inf")
        if self.take("current", "row"):
            return "current row", 0
        count = self.whole_number()
        if self.take("preceding"):
            return f"{count} preceding", -count
        self.expect("following")
        return f"{count} following", count

    # ---------- forms with words inside

    def special_form(self) -> Any:
        """CAST, EXTRACT, TRIM and the others, or None when the next word begins none of them."""
        token = self.token
        key, at = token.key, token.position
        if key in BARE_FUNCTIONS:
            if self.ahead().key != "(":
                self.index += 1
                return Call([key], [], at, keyword="bare")
            if key not in ("sysdate", "user", "localtime"):
                # current_date() and the like do not parse
                self.index += 1
                raise self.unexpected("Date_functions_header.html")
        if key == "approximate":
            return self._approximate()
        if self.ahead().key != "(":
            return None
        if key == "object_transform":
            raise unsupported("OBJECT_TRANSFORM", at, "r_object_transform_function.html")
        form = {
            "cast": self._cast, "try_cast": self._cast, "convert": self._convert, "extract": self._extract,
            "trim": self._trim, "position": self._position, "substring": self._substring, "overlay": self._overlay,
        }.get(key)  # fmt: skip
        return form() if form else None

    def _approximate(self) -> Any:
        if self.ahead().key not in ("count", "percentile_disc") or self.ahead(2).key != "(":
            return None
        self.index += 1
        at = self.at
        call: Call = self.call([self.label()], at)
        call.approximate = True
        return call

    def _cast(self) -> Cast:
        at = self.at
        attempt = self.step().key == "try_cast"
        self.expect("(")
        expression = self.expression()
        self.expect("as")
        type_ = self.type_name()
        if self.sees("format"):
            raise self.unexpected("r_CAST_function.html")
        self.expect(")")
        return Cast(expression, type_, at, attempt)

    def _convert(self) -> Cast:
        """CONVERT ( type, expression )"""
        at = self.at
        self.expect("convert", "(")
        if self.token.kind not in (WORD, QUOTED):
            raise Refused("42883", "function convert(…) does not exist", GUIDE + "r_CAST_function.html", at)
        type_ = self.type_name()
        self.expect(",")
        expression = self.expression()
        if self.sees(","):
            raise self.unexpected("r_CAST_function.html")
        self.expect(")")
        return Cast(expression, type_, at)

    def _extract(self) -> Call:
        at = self.at
        self.expect("extract", "(")
        if self.token.kind not in (WORD, QUOTED, TEXT):
            raise self.unexpected("r_EXTRACT_function.html")
        part = self.step()
        self.expect("from")
        expression = self.expression()
        self.expect(")")
        return Call(["extract"], [Literal("text", part.value.lower(), part.position), expression], at)

    def _trim(self) -> Call:
        """TRIM ( [ BOTH | LEADING | TRAILING ] [ characters FROM ] text ) or TRIM ( text, characters )"""
        at = self.at
        self.expect("trim", "(")
        side = self.step().key if self.sees("both", "leading", "trailing") else "both"
        name = {"both": "btrim", "leading": "ltrim", "trailing": "rtrim"}[side]
        if self.take("from"):
            arguments = [self.expression()]
        else:
            arguments = [self.expression()]
            if self.take("from"):
                arguments = [self.expression(), arguments[0]]
            elif self.take(","):
                arguments.append(self.expression())
        self.expect(")")
        return Call([name], arguments, at, keyword="trim")

    def _position(self) -> Call:
        at = self.at
        self.expect("position", "(")
        needle = self.expression(7)  # above IN
        self.expect("in")
        text = self.expression()
        self.expect(")")
        return Call(["strpos"], [text, needle], at, keyword="position")

    def _substring(self) -> Call:
        at = self.at
        self.expect("substring", "(")
        arguments = [self.expression()]
        if self.take("from"):
            arguments.append(self.expression())
            if self.take("for"):
                arguments.append(self.expression())
        else:
            while self.take(","):
                arguments.append(self.expression())
        self.expect(")")
        return Call(["substring"], arguments, at)

    def _overlay(self) -> Call:
        raise Refused(
            "42883",
            "function overlay(…) does not exist",
            GUIDE + "c_unsupported-postgresql-functions.html",
            self.at,
        )
