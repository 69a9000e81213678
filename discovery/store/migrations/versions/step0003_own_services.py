"""The client's own services and its overrides of the catalogue, and its answers about findings."""

import sqlalchemy as sa
from alembic import op

revision = "step0003_own_services"
down_revision = "step0002_dns_answers"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "own_services",
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("service", sa.String(length=128), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("capability", sa.String(length=64), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name=op.f("fk_own_services_client_id_clients"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("client_id", "service", name=op.f("pk_own_services")),
    )
    op.create_table(
        "own_hosts",
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("domain", sa.String(length=253), nullable=False),
        sa.Column("means", sa.String(length=16), nullable=False),
        sa.Column("service", sa.String(length=128), nullable=True),
        sa.Column("role", sa.String(length=16), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name=op.f("fk_own_hosts_client_id_clients"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("client_id", "domain", name=op.f("pk_own_hosts")),
    )
    op.create_table(
        "answers",
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("pair", sa.String(length=64), nullable=False),
        sa.Column("service", sa.String(length=128), nullable=False),
        sa.Column("answer", sa.String(length=16), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name=op.f("fk_answers_client_id_clients"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("client_id", "pair", name=op.f("pk_answers")),
    )
