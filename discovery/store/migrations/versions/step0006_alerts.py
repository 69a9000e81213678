"""Muted alerts, what the register knows beside a decision, and bytes by hour of week."""

import sqlalchemy as sa
from alembic import op

revision = "step0006_alerts"
down_revision = "step0005_roadmap"


def upgrade() -> None:
    """Make the tables and columns."""
    op.add_column("decisions", sa.Column("account", sa.String(length=16), server_default="any", nullable=False))
    op.add_column("decisions", sa.Column("data_held", sa.Text(), server_default=sa.text("''"), nullable=False))
    op.add_column("decisions", sa.Column("snapshot", sa.JSON(), nullable=True))
    op.add_column("decisions", sa.Column("undoes", sa.Integer(), nullable=True))
    op.create_table(
        "mutes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("service", sa.String(length=128), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("muted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("muted_by", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name=op.f("fk_mutes_client_id_clients"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mutes")),
    )
    op.create_index(op.f("ix_mutes_client_id_kind_service"), "mutes", ["client_id", "kind", "service"], unique=False)
    op.create_table(
        "week_bytes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name=op.f("fk_week_bytes_client_id_clients"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_week_bytes_import_id_imports"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_week_bytes")),
    )
    op.create_index(op.f("ix_week_bytes_client_id"), "week_bytes", ["client_id"], unique=False)
    op.create_index(op.f("ix_week_bytes_import_id"), "week_bytes", ["import_id"], unique=False)
