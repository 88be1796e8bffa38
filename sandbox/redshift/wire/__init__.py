"""The protocol between clients, this server and PostgreSQL: https://www.postgresql.org/docs/current/protocol.html"""
