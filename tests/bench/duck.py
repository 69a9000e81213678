"""Runs a query of DuckDB over a log as a process of its own, and prints how many rows it gives: `duck.py QUERY.sql LOG`, the peer of `make bench`."""

import sys
from pathlib import Path

import duckdb

query, log = sys.argv[1:]
connection = duckdb.connect()
connection.execute("SET enable_progress_bar = false")
connection.execute("SET TimeZone = 'UTC'")
print(len(connection.execute(Path(query).read_text(encoding="utf-8").replace("$log", log)).fetchnumpy()["hits"]), "rows")
