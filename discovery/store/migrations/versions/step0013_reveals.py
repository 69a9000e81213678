"""The record of names that were asked for and shown."""

import sqlalchemy as sa
from alembic import op

revision = "step0013_reveals"
down_revision = "step0012_users"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "reveal_steps",
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("request", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=16), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("pseudonym", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ticket", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("before", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name=op.f("fk_reveal_steps_client_id_clients"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("client_id", "number", name=op.f("pk_reveal_steps")),
    )
