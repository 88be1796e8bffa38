"""The rewrites of scalar functions, one subject a file. Importing this registers them all."""

from __future__ import annotations

from sandbox.bigquery.translate.functions import arrays, conditional, dates, json, numbers, text

LOADED = (arrays, conditional, dates, json, numbers, text)
