"""TDS 7.4, the protocol of SQL Server, as far as Microsoft's ODBC driver speaks it to a dedicated SQL pool.

https://learn.microsoft.com/openspecs/windows_protocols/ms-tds
"""
