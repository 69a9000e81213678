"""Brings a database to the schema of this version. The steps travel in the package, beside this file."""

from pathlib import Path
from typing import Final

from sqlalchemy import Engine, inspect, text

STEPS: Final = Path(__file__).parent / "migrations"
HEAD: Final = max(step.stem for step in (STEPS / "versions").glob("step*.py"))


def upgrade(engine: Engine) -> None:
    """Run the steps that this database has not seen: all of them or none. Where there are none, it costs one look."""
    with engine.connect() as connection:
        if inspect(connection).has_table("alembic_version") and connection.scalar(text("SELECT version_num FROM alembic_version")) == HEAD:
            return
    from alembic import command  # noqa: PLC0415 (takes most of a second to load, and is seldom needed)
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(STEPS).replace("%", "%%"))
    with engine.execution_options(writing="durable").begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
