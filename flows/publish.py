"""Publish: the docs site of what was built."""

from __future__ import annotations

from pathlib import Path

from docs_site.build import build_site
from flows.settings import PROJECT, Settings
from flows.transform import run_dbt


def publish(settings: Settings, target: str = "local") -> Path:
    """Build the static site from the target's dbt artifacts and the last summary. Returns its landing page."""
    run_dbt(settings, target, ["docs", "generate", "--static"])
    return build_site(settings.target_path(target), settings.home, PROJECT)
