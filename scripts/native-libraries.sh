#!/usr/bin/env bash
# dbt-synapse imports pyodbc, and pyodbc needs the ODBC manager (libodbc.so.2), which no Python package
# carries. As root it is installed with apt; without root it is unpacked beside the environment and loaded
# from there at the start of the environment's Python.
set -euo pipefail
cd "$(dirname "$0")/.."

environment=.venv
native="$environment/native"
packages=(libodbc2 libodbcinst2 libltdl7)

works() { "$environment/bin/python" -c 'import pyodbc' >/dev/null 2>&1; }
fail() { printf 'setup: %s\n' "$1" >&2; exit 1; }
advice="install unixODBC yourself (Debian, Ubuntu: unixodbc; Fedora: unixODBC; macOS: brew install unixodbc) and run 'make setup' again."

works && exit 0
command -v apt-get >/dev/null || fail "the ODBC manager that dbt-synapse needs is missing and this system has no apt: $advice"

if [ "$(id -u)" = 0 ]; then
    printf 'setup: installing the ODBC manager (unixodbc) with apt\n'
    apt-get install -y -qq "${packages[@]}" >/dev/null 2>&1 \
        || { apt-get update -qq >/dev/null && apt-get install -y -qq "${packages[@]}" >/dev/null; } \
        || fail "apt could not install ${packages[*]}: $advice"
else
    printf 'setup: unpacking the ODBC manager beside the environment (no root)\n'
    rm -rf "$native" && mkdir -p "$native/apt/lists/partial" "$native/apt/cache/archives/partial" "$native/debs" "$native/root"
    folder="$PWD/$native"
    (
        cd "$native/debs"
        apt-get download -qq "${packages[@]}" >/dev/null 2>&1 || {
            # no package lists yet, or stale ones: fetch our own, which needs no root
            own=(-o "Dir::State::lists=$folder/apt/lists" -o "Dir::Cache=$folder/apt/cache")
            apt-get update -qq "${own[@]}" >/dev/null && apt-get download -qq "${own[@]}" "${packages[@]}" >/dev/null
        }
    ) || fail "apt could not download ${packages[*]}: $advice"
    for package in "$native"/debs/*.deb; do dpkg-deb -x "$package" "$native/root"; done
    rm -rf "$native/apt" "$native/debs"
    site="$("$environment/bin/python" -c 'import sysconfig; print(sysconfig.get_paths()["purelib"])')"
    cp scripts/customer_360_native_libraries.py "$site/"
    # A .pth line that starts with import is run at every start of this Python.
    printf 'import customer_360_native_libraries\n' > "$site/customer_360_native_libraries.pth"
fi
works || fail "the ODBC manager was installed but pyodbc still cannot be imported ($("$environment/bin/python" -c 'import pyodbc' 2>&1 | tail -1)): $advice"
