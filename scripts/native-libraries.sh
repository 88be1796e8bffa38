#!/usr/bin/env bash
# dbt-synapse imports pyodbc, which needs the ODBC manager (libodbc.so.2), and speaks to Synapse through
# Microsoft's ODBC Driver 18, which a Python package carries (mssql-python-odbc) and which needs libltdl and
# Kerberos. No Python package carries those libraries: as root they are installed with apt; without root they
# are unpacked beside the environment and loaded from there at the start of the environment's Python. That
# start also tells the manager where the driver is; nothing outside the project folder is written for it.
set -euo pipefail
cd "$(dirname "$0")/.."

environment=.venv
native="$environment/native"
packages=(libodbc2 libodbcinst2 libltdl7 libkrb5-3 libgssapi-krb5-2 libk5crypto3 libkrb5support0 libcom-err2 libkeyutils1)
driver="ODBC Driver 18 for SQL Server"

# The manager and the driver load: the error of a connection to a closed port is the driver's own.
works() {
    "$environment/bin/python" - "$driver" >/dev/null 2>&1 <<'PYTHON'
import sys

import pyodbc

if sys.platform == "linux" and sys.argv[1] not in pyodbc.drivers():
    sys.exit(1)
try:
    pyodbc.connect(f"DRIVER={{{sys.argv[1]}}};SERVER=127.0.0.1,1;UID=x;PWD=x;Encrypt=no;ConnectRetryCount=0", timeout=1)
except pyodbc.Error as error:
    sys.exit("[Microsoft]" not in str(error) and sys.platform == "linux")
PYTHON
}
fail() { printf 'setup: %s\n' "$1" >&2; exit 1; }
advice="install unixODBC yourself (Debian, Ubuntu: unixodbc; Fedora: unixODBC; macOS: brew install unixodbc) and run 'make setup' again."

site="$("$environment/bin/python" -c 'import sysconfig; print(sysconfig.get_paths()["purelib"])')"
cp scripts/customer_360_native_libraries.py "$site/"
# A .pth line that starts with import is run at every start of this Python.
printf 'import customer_360_native_libraries\n' > "$site/customer_360_native_libraries.pth"

# The driver's name -> its file, for the manager; what the system already registers stays registered.
library="$("$environment/bin/python" -c 'import customer_360_native_libraries as found; print(found.driver_library() or "")')"
if [ -n "$library" ]; then
    mkdir -p "$native/odbc"
    {
        cat /etc/odbcinst.ini 2>/dev/null || true
        printf '\n[%s]\nDescription=Microsoft ODBC Driver 18 for SQL Server\nDriver=%s\n' "$driver" "$library"
    } > "$native/odbc/odbcinst.ini"
    [ -e /etc/odbc.ini ] && cp /etc/odbc.ini "$native/odbc/odbc.ini"
fi

works && exit 0
command -v apt-get >/dev/null || fail "the ODBC manager that dbt-synapse needs is missing and this system has no apt: $advice"

if [ "$(id -u)" = 0 ]; then
    printf 'setup: installing the ODBC manager (unixodbc) with apt\n'
    # Packages are named by what Debian and Ubuntu call them; a name that a release has renamed is left out.
    install_all() {
        local known=() package
        for package in "${packages[@]}"; do apt-cache show "$package" >/dev/null 2>&1 && known+=("$package"); done
        [ "${#known[@]}" -gt 2 ] && apt-get install -y -qq "${known[@]}" >/dev/null
    }
    install_all 2>/dev/null \
        || { apt-get update -qq >/dev/null && install_all; } \
        || fail "apt could not install ${packages[*]}: $advice"
else
    printf 'setup: unpacking the ODBC manager beside the environment (no root)\n'
    rm -rf "$native/apt" "$native/debs" "$native/root" && mkdir -p "$native/apt/lists/partial" "$native/apt/cache/archives/partial" "$native/debs" "$native/root"
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
fi
works || fail "the ODBC manager was installed but Microsoft's driver cannot be loaded through pyodbc ($("$environment/bin/python" -c 'import pyodbc; print(pyodbc.drivers())' 2>&1 | tail -1)): $advice"
