"""Packs that are made by themselves, and how long it is kept who used what."""

import sqlalchemy as sa
from alembic import op

revision = "step0011_schedules"
down_revision = "step0010_views"


def upgrade() -> None:
    """Make the table; a report says which day of a schedule it was made for, a client how long people are kept, a block since when."""
    op.create_table(
        "report_schedules",
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("every", sa.String(length=8), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("documents", sa.JSON(), nullable=False),
        sa.Column("set_on", sa.Date(), nullable=False),
        sa.Column("made_for", sa.Date(), nullable=True),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name=op.f("fk_report_schedules_client_id_clients"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("client_id", name=op.f("pk_report_schedules")),
    )
    op.add_column("prepared_reports", sa.Column("due", sa.Date(), nullable=True))
    op.add_column("clients", sa.Column("people_days", sa.Integer(), nullable=True))
    op.add_column("usage", sa.Column("named_since", sa.DateTime(timezone=True), nullable=True))
