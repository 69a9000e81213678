"""How a worker process begins. It imports nothing large, so that what it settles is settled before the engine is there."""

import os
import signal
from multiprocessing import connection, parent_process
from threading import Thread


def alone() -> None:
    """One core for this process, and no life after the one that started it."""
    os.environ["POLARS_MAX_THREADS"] = "1"
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the one that started it
    Thread(target=_outlive_nobody, daemon=True).start()


def _outlive_nobody() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
