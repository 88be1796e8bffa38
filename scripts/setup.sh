#!/usr/bin/env bash
# Builds the one environment of the project in .venv from requirements.lock, and provides the native
# libraries it needs. Safe to run again; nothing outside the project folder is touched, except that as
# root on Debian or Ubuntu the ODBC manager is installed as a system package.
set -euo pipefail
cd "$(dirname "$0")/.."

python="${PYTHON:-python3}"
UV_VERSION=0.13.9
# Trust what the system trusts, so that a company's own certificate authority works.
export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-true}"

fail() { printf 'setup: %s\n' "$1" >&2; exit 1; }

command -v "$python" >/dev/null || fail "no '$python' found: install Python 3.11, 3.12 or 3.13, or name one with 'make setup PYTHON=/path/to/python3'."
"$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' \
    || fail "$("$python" --version 2>&1) is not supported: name a Python 3.11, 3.12 or 3.13 with 'make setup PYTHON=/path/to/python3'."

find_uv() {
    if command -v uv >/dev/null; then command -v uv; return; fi
    local folder=.venv-uv
    if [ ! -x "$folder/bin/uv" ]; then
        printf 'setup: installing uv %s into %s\n' "$UV_VERSION" "$folder" >&2
        # ensurepip is missing on a Debian Python without python3-venv: then pip's own --target does.
        if "$python" -m venv "$folder" >/dev/null 2>&1 && "$folder/bin/pip" install --quiet --disable-pip-version-check "uv==$UV_VERSION" >&2; then :
        elif rm -rf "$folder" && "$python" -m pip install --quiet --disable-pip-version-check --target "$folder" "uv==$UV_VERSION" >&2; then :
        else rm -rf "$folder"; fail "uv could not be installed: install it from your package manager, or python3-venv and pip, and check that the package index is reachable."
        fi
    fi
    printf '%s\n' "$PWD/$folder/bin/uv"
}

uv="$(find_uv)"
[ -x .venv/bin/python ] || "$uv" venv --quiet --python "$python" .venv
printf 'setup: installing the pinned packages of requirements.lock\n'
"$uv" pip sync --quiet --require-hashes --python .venv/bin/python requirements.lock \
    || fail "the packages of requirements.lock could not be installed: see the message above; a package index must be reachable."
bash scripts/native-libraries.sh
mkdir -p .customer360/warehouse
touch .venv/.ready
printf 'setup: ready (%s)\n' "$(.venv/bin/python --version)"
