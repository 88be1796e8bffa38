#!/usr/bin/env bash
# Renews requirements.lock: exact versions with hashes for every platform, and no addresses.
set -euo pipefail
cd "$(dirname "$0")/.."
uv="$(command -v uv || echo .venv-uv/bin/uv)"
"$uv" pip compile --quiet --universal --generate-hashes --no-header --no-annotate --group test --upgrade pyproject.toml -o requirements.lock
