"""Reports made in the background: asked for, being made, ready or failed."""

from webui.reports.prepared.queries import Prepared, ask, begin, fail, fetch, finish, give_up, listed, unfinished

__all__ = ["Prepared", "ask", "begin", "fail", "fetch", "finish", "give_up", "listed", "unfinished"]
