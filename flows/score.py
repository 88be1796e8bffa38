"""Score: lifetime value and churn by BG/NBD and Gamma-Gamma, fitted outside SQL on unloaded features.

Models: Fader, Hardie, Lee (2005), "Counting Your Customers" the Easy Way, Marketing Science 24(2); Fader, Hardie
(2013), The Gamma-Gamma Model of Monetary Value. Library: lifetimes.
"""

from __future__ import annotations

import hashlib
import json
import math
import warnings
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

VERSION = "bg-nbd-gamma-gamma-1"
LEAST_REPEATERS = 20
HORIZON_DAYS = 365
# the usual penalty on parameters first; the authors of lifetimes advise a greater one when a fit does not converge
PENALTIES = (0.001, 0.01, 0.1)
WORTH_LIMIT = 1e9  # what the contract's decimal(18,8) holds


@dataclass(frozen=True)
class Scored:
    """How many customers were scored, the file written (None: nothing), and why nothing was."""

    customers: int
    file: Path | None
    note: str = ""


def score(features: Path | list[Path], outbox: Path) -> Scored:
    """Fit on the newest feature snapshot and write predictions as a stream file of source ml.predictions.

    Columns used: repeat_day_count (repeat purchases), recency_age_days and age_days (days), mean_sales_per_day
    (reporting currency), of one Parquet file or several, whatever warehouse wrote them. Deterministic: the clock is the snapshot's, the ids are hashes. A file that is there stays.
    """
    files = [str(f) for f in (features if isinstance(features, list) else [features])]
    with duckdb.connect() as connection:
        rows = connection.execute(
            """
            select entity_id, repeat_day_count, recency_age_days, age_days, cast(mean_sales_per_day as double) as mean_sales, make_timestamp(epoch_us(feature_timestamp))
            from read_parquet(?) where feature_timestamp = (select max(feature_timestamp) from read_parquet(?)) and age_days > 0 order by entity_id
            """,
            [files, files],
        ).fetchall()
    repeaters = [r for r in rows if r[1] > 0 and r[4] > 0]
    if len(repeaters) < LEAST_REPEATERS:
        return Scored(
            0,
            None,
            f"only {len(repeaters)} customers bought more than once; at least {LEAST_REPEATERS} are needed to fit the models",
        )
    as_of: datetime = rows[0][5]
    target = outbox / "ml" / "predictions" / f"{as_of:%Y/%m/%d}" / f"ml-predictions-{as_of:%Y%m%d}.jsonl"
    if target.exists():
        return Scored(len(rows), target, "already scored")
    predictions = _predict(rows, repeaters)
    if predictions is None:
        return Scored(0, None, f"the models did not converge on {len(rows)} customers, so nobody was scored")
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.partial")
    with partial.open("w", encoding="utf-8") as lines:
        for customer, model, value in predictions:
            lines.write(json.dumps(_record(customer, model, value, as_of)) + "\n")
    partial.rename(target)
    return Scored(len(rows), target)


def _predict(rows: list[Any], repeaters: list[Any]) -> list[tuple[str, str, float]] | None:
    """(customer, model, value) of every customer; None when no penalty lets the models converge."""
    from lifetimes.utils import ConvergenceError

    for penalty in PENALTIES:
        try:
            return _predict_with(penalty, rows, repeaters)
        except ConvergenceError:
            continue
    return None


def _predict_with(penalty: float, rows: list[Any], repeaters: list[Any]) -> list[tuple[str, str, float]]:
    import numpy as np
    from lifetimes import BetaGeoFitter, GammaGammaFitter

    frequency, recency, age, mean_sales = (np.array([float(r[i]) for r in rows]) for i in (1, 2, 3, 4))
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        purchases = BetaGeoFitter(penalizer_coef=penalty)
        purchases.fit(frequency, recency, age)
        spending = GammaGammaFitter(penalizer_coef=penalty)
        spending.fit(np.array([float(r[1]) for r in repeaters]), np.array([r[4] for r in repeaters]))
        expected = np.asarray(
            purchases.conditional_expected_number_of_purchases_up_to_time(
                HORIZON_DAYS, frequency, recency, age
            )
        )
        alive = np.asarray(purchases.conditional_probability_alive(frequency, recency, age))
        worth = np.asarray(
            spending.conditional_expected_average_profit(frequency, np.maximum(mean_sales, 0.01))
        )
    found = []
    for i, row in enumerate(rows):
        for model, value in (
            ("clv_12_months", float(expected[i] * worth[i])),
            ("churn_probability", float(1 - alive[i])),
        ):
            # with little data the models can run off to infinity; no prediction is better than that one
            if math.isfinite(value) and 0 <= value < WORTH_LIMIT:
                found.append((row[0], model, value))
    return found


def _record(customer: str, model: str, value: float, as_of: datetime) -> dict[str, str]:
    stamp = f"{as_of:%Y-%m-%dT%H:%M:%S.%fZ}"
    prediction_id = hashlib.md5(
        f"{customer}|{model}|{VERSION}|{stamp}".encode(), usedforsecurity=False
    ).hexdigest()
    return {
        "prediction_id": prediction_id, "customer_key": customer, "model_name": model, "model_version": VERSION,
        "as_of_date": f"{as_of:%Y-%m-%d}", "occurred_at": stamp, "received_at": stamp, "score": f"{value:.8f}",
    }  # fmt: skip
