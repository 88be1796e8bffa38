"""Records that nobody should ever load: extra ones, so that the real totals stay as they are.

Curation must refuse each of them with its reason. They are added to the first change file or stream file from
20 January on.
"""

from __future__ import annotations

import json

_EVENT = {
    "event_id": "poison-000", "event_name": "page_viewed", "anonymous_id": "ck-poison", "occurred_at": "2017-01-20T08:00:00.000000Z",
    "received_at": "2017-01-20T08:00:01.000000Z", "url": "https://shop.example/",
}  # fmt: skip

_HEAD = "I,2017-01-20 08:00:00.000000,00001484899200000000000"
_ORDER = f"{_HEAD},{{id}},,LPOISON,,,,{{store}},{{channel}},{{currency}},fulfilled,{{at}},2017-01-20 08:00:00.000000"
_LINE = f"{_HEAD},{{id}},{{order}},1029743,{{quantity}},{{amount}},0.0000,0.0000,0.0000,0.0000,2017-01-20 08:00:00.000000,2017-01-20"
_AT = "2017-01-20 08:00:00.000000"

LINES: dict[str, list[tuple[str, str]]] = {
    # table: (why it must be refused, the record)
    "shop/orders": [
        ("currency without a rate", _ORDER.format(id="POISON-1", store="367", channel="store", currency="XXX", at=_AT)),
        ("value not accepted", _ORDER.format(id="POISON-2", store="367", channel="fax", currency="USD", at=_AT)),
        ("missing required value", _ORDER.format(id="POISON-3", store="", channel="store", currency="USD", at=_AT)),
        ("time in the future", _ORDER.format(id="POISON-4", store="367", channel="store", currency="USD", at="2099-01-01 00:00:00.000000")),
    ],
    "shop/order_lines": [
        ("wrong type", _LINE.format(id="POISON-1", order="POISON-1", quantity="two", amount="1.0000")),
        ("wrong type", _LINE.format(id="POISON-2", order="POISON-2", quantity="1", amount="1,5".replace(",", ";"))),
        ("text too long", _LINE.format(id="POISON-" + "9" * 60, order="POISON-3", quantity="1", amount="1.0000")),
    ],
    "web/events": [
        ("missing required value", json.dumps({**_EVENT, "event_id": None})),
        ("time in the future", json.dumps({**_EVENT, "event_id": "poison-001", "occurred_at": "2099-01-01T00:00:00.000000Z"})),
        ("value not accepted", json.dumps({**_EVENT, "event_id": "poison-002", "event_name": "teleported"})),
        ("wrong type", json.dumps({**_EVENT, "event_id": "poison-003", "quantity": "many"})),
        ("not JSON", '{"event_id": "poison-004", "event_name": "page_vie'),
    ],
}  # fmt: skip


def lines() -> dict[str, list[str]]:
    """The records per table folder."""
    return {table: [record for _, record in records] for table, records in LINES.items()}


def expected() -> dict[str, int]:
    """How many records per table curation must refuse."""
    return {table.replace("/", "."): len(records) for table, records in LINES.items()}
