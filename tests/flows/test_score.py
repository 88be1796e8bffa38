"""Scoring on few customers: the models may not converge at once, which is no reason to stop the pipeline."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb

from flows.score import score

# repeat purchases, days to the last one, days since the first, mean sales per day: of a small company at its nastiest, on
# which BG/NBD does not converge with the usual penalty
CUSTOMERS = [
    (3, 75, 118, 36.59),
    (59, 358, 364, 46.01),
    (111, 362, 364, 24.07),
    (0, 0, 150, 135.75),
    (10, 337, 341, 11.23),
    (77, 357, 365, 35.68),
    (1, 181, 239, 20.83),
    (37, 357, 360, 33.06),
    (39, 320, 330, 23.82),
    (0, 0, 135, 7.98),
    (7, 287, 348, 23.2),
    (80, 363, 364, 39.2),
    (0, 0, 68, 3.45),
    (41, 356, 362, 34.87),
    (29, 364, 365, 68.16),
    (17, 312, 326, 31.11),
    (50, 355, 358, 16.83),
    (0, 0, 353, 8.59),
    (36, 346, 360, 44.96),
    (48, 335, 362, 18.84),
    (8, 303, 312, 77.07),
    (9, 345, 357, 22.5),
    (9, 246, 278, 39.87),
    (40, 356, 364, 22.33),
    (86, 358, 363, 12.05),
    (137, 363, 364, 60.17),
    (2, 46, 122, 40.39),
    (0, 0, 219, 18.01),
    (9, 279, 309, 33.07),
    (19, 295, 361, 53.4),
    (17, 350, 355, 35.48),
    (1, 230, 344, 47.82),
    (8, 259, 361, 14.75),
    (0, 0, 349, 33.49),
    (78, 345, 351, 16.0),
    (92, 362, 363, 38.63),
    (238, 364, 365, 45.87),
    (13, 308, 347, 44.04),
    (13, 264, 363, 20.92),
    (83, 343, 344, 15.88),
    (48, 359, 362, 19.87),
    (0, 0, 127, 14.97),
    (0, 0, 205, 2.69),
    (12, 345, 355, 23.46),
    (4, 219, 254, 13.7),
    (39, 327, 359, 23.82),
    (86, 357, 365, 29.57),
    (74, 362, 363, 51.15),
    (0, 0, 267, 134.78),
    (39, 297, 363, 30.67),
    (49, 357, 365, 9.67),
    (23, 356, 364, 9.77),
    (10, 338, 358, 31.66),
    (55, 357, 365, 82.82),
    (63, 353, 363, 66.44),
]  # fmt: skip


def features(folder: Path, customers: list[tuple[int, int, int, float]]) -> Path:
    file = folder / "features.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            "create table f (entity_id text, repeat_day_count int, recency_age_days int, age_days int, mean_sales_per_day decimal(18, 4), feature_timestamp timestamp)"
        )
        connection.executemany(
            "insert into f values (?, ?, ?, ?, ?, timestamp '2018-01-01')",
            [(f"c{i:03}", *customer) for i, customer in enumerate(customers)],
        )
        connection.execute(f"copy f to '{file}' (format parquet)")
    return file


def test_models_that_do_not_converge_at_once__are_fitted_with_a_greater_penalty(tmp_path: Path) -> None:
    scored = score(features(tmp_path, CUSTOMERS), tmp_path)
    assert scored.customers == len(CUSTOMERS)
    assert scored.file is not None
    records = [json.loads(line) for line in scored.file.read_text(encoding="utf-8").splitlines()]
    churn = [float(r["score"]) for r in records if r["model_name"] == "churn_probability"]
    assert len(churn) > len(CUSTOMERS) / 2
    assert all(0 <= value <= 1 for value in churn)
