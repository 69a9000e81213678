"""Which database an installation uses; where its state lives is said in `discovery.home`."""

import os

from discovery.home import home, private_folder

__all__ = ["database_url", "home", "private_folder"]


def database_url() -> str:
    """The database of this installation: `GNOMON_DATABASE` (any SQLAlchemy URL; PostgreSQL as `postgresql+psycopg://…`), else SQLite in `home()`."""
    return os.environ.get("GNOMON_DATABASE") or f"sqlite:///{home() / 'gnomon.db'}"
