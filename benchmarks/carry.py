"""Carries what the simulated company has written into the warehouse, and builds nothing."""

from __future__ import annotations

from flows.capture import capture
from flows.curate import curate
from flows.load import load
from flows.settings import Settings

if __name__ == "__main__":
    settings = Settings.from_environment()
    capture(settings)
    curate(settings)
    load(settings, "local")
