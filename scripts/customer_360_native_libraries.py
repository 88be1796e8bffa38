"""Loads the ODBC manager that set-up unpacked beside the environment, where there is no system package.

Copied into site-packages by native-libraries.sh and imported at every start of the environment's Python.
Loading a library by its path satisfies whoever asks for it later by its name, so pyodbc finds libodbc.so.2.
"""

import ctypes
import sys
from pathlib import Path

for _name in ("libltdl.so.7", "libodbcinst.so.2", "libodbc.so.2"):
    for _path in Path(sys.prefix, "native", "root", "usr", "lib").glob(f"*/{_name}"):
        ctypes.CDLL(str(_path), ctypes.RTLD_GLOBAL)
