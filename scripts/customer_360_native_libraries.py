"""Makes pyodbc find the ODBC manager and Microsoft's ODBC Driver 18, wherever set-up could put them.

Copied into site-packages by native-libraries.sh and imported at every start of the environment's Python.
Loading a library by its path satisfies whoever asks for it later by its name, so pyodbc finds libodbc.so.2
and the driver finds libltdl and Kerberos. The manager reads which drivers there are from the folder that
ODBCSYSINI names; where somebody named one, or the system registers the driver itself, nothing is changed.
"""

import ctypes
import os
import platform
import sys
from pathlib import Path

DRIVER = "ODBC Driver 18 for SQL Server"
# in the order in which each needs those before it
LIBRARIES = (
    "libkeyutils.so.1", "libcom_err.so.2", "libkrb5support.so.0", "libk5crypto.so.3", "libkrb5.so.3",
    "libgssapi_krb5.so.2", "libltdl.so.7", "libodbcinst.so.2", "libodbc.so.2",
)  # fmt: skip


def driver_library() -> Path | None:
    """The driver's file in the package mssql-python-odbc for this system, or None where it has none."""
    if sys.platform == "darwin":
        folder = "macos/*/lib/libmsodbcsql*.dylib"
    elif Path("/etc/redhat-release").exists():
        folder = "linux/rhel/*/lib/libmsodbcsql*.so*"
    elif Path("/etc/SUSE-brand").exists():
        folder = "linux/suse/*/lib/libmsodbcsql*.so*"
    else:
        folder = "linux/debian_ubuntu/*/lib/libmsodbcsql*.so*"
    libraries = Path(__file__).resolve().parent / "mssql_python_odbc" / "libs"
    found = sorted(libraries.glob(folder))
    machine = platform.machine().lower()
    fits = [path for path in found if path.parent.parent.name.lower() in (machine, "universal")]
    return (fits or found or [None])[0]


def system_has_the_driver() -> bool:
    """Whether the system's own odbcinst.ini registers the driver."""
    try:
        return f"[{DRIVER}]" in Path("/etc/odbcinst.ini").read_text()
    except OSError:
        return False


def prepare() -> None:
    native = Path(sys.prefix, "native")
    for name in LIBRARIES:
        for path in native.glob(f"root/**/{name}"):
            ctypes.CDLL(str(path), ctypes.RTLD_GLOBAL)
    drivers = native / "odbc"
    if (drivers / "odbcinst.ini").exists() and not system_has_the_driver():
        os.environ.setdefault("ODBCSYSINI", str(drivers))


prepare()
