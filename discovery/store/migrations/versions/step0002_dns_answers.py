"""DNS answers, which give names to addresses."""

import sqlalchemy as sa
from alembic import op

revision = "step0002_dns_answers"
down_revision = "step0001_first"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "dns_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("hours_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.Column("aliases", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name=op.f("fk_dns_answers_client_id_clients"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_dns_answers_import_id_imports"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dns_answers")),
    )
    op.create_index(op.f("ix_dns_answers_client_id"), "dns_answers", ["client_id"], unique=False)
    op.create_index(op.f("ix_dns_answers_import_id"), "dns_answers", ["import_id"], unique=False)
