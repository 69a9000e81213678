"""What overlapping imports share, by minute; network ranges."""

import sqlalchemy as sa
from alembic import op

revision = "step0004_minutes"
down_revision = "step0003_own_services"


def upgrade() -> None:
    """Make the tables and the setting."""
    op.add_column("clients", sa.Column("count_guests", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "network_ranges",
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("cidr", sa.String(length=43), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name=op.f("fk_network_ranges_client_id_clients"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("client_id", "cidr", name=op.f("pk_network_ranges")),
    )
    op.create_table(
        "marks",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.LargeBinary(), nullable=False),
        sa.Column("lines", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name=op.f("fk_marks_client_id_clients"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_marks_import_id_imports"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("import_id", name=op.f("pk_marks")),
    )
    op.create_index(op.f("ix_marks_client_id"), "marks", ["client_id"], unique=False)
    op.create_table(
        "told_before",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("segment", sa.Integer(), nullable=False),
        sa.Column("told_by", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("events", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name=op.f("fk_told_before_client_id_clients"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_told_before_import_id_imports"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["told_by"], ["imports.id"], name=op.f("fk_told_before_told_by_imports"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("import_id", "segment", "told_by", name=op.f("pk_told_before")),
    )
    op.create_index(op.f("ix_told_before_client_id"), "told_before", ["client_id"], unique=False)
