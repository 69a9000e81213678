"""What a practice hands to all its clients and knows of each; whose bundles a client takes in."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "step0009_practice"
down_revision = "step0008_meetings"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "practice_templates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_templates")),
    )
    op.create_table(
        "practice_look",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("colour", sa.String(length=7), nullable=False),
        sa.Column("logo", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_look")),
    )
    _of_a_client("own_clauses", sa.Column("heading", sa.String(length=100), nullable=False), sa.Column("text", sa.Text(), nullable=False))
    _of_a_client("client_summaries", sa.Column("basis", sa.String(length=200), nullable=False), sa.Column("content", sa.JSON(), nullable=False))
    _of_a_client(
        "reviews",
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=False),
    )
    _of_a_client(
        "bundle_keys",
        sa.Column("fingerprint", sa.String(length=32), nullable=False),
        sa.Column("newest", sa.DateTime(timezone=True), nullable=True),
    )


def _of_a_client(table: str, *columns: sa.Column[Any]) -> None:
    """A table of which each client has one row, or one for each value of a heading, day or fingerprint."""
    several = [column.name for column in columns if column.name in {"heading", "until", "fingerprint"}]
    op.create_table(
        table,
        sa.Column("client_id", sa.Integer(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name=op.f(f"fk_{table}_client_id_clients"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("client_id", *several, name=op.f(f"pk_{table}")),
    )
