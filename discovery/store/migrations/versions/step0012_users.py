"""Roles that may less than everything, accounts limited to some clients, and links by which somebody chooses a password."""

import sqlalchemy as sa
from alembic import op

revision = "step0012_users"
down_revision = "step0011_schedules"


def upgrade() -> None:
    """Whoever there is goes on seeing every client."""
    op.create_table(
        "account_clients",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_account_clients_account_id_accounts"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name=op.f("fk_account_clients_client_id_clients"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("account_id", "client_id", name=op.f("pk_account_clients")),
    )
    op.add_column("accounts", sa.Column("limited", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("accounts", sa.Column("invitation", sa.String(length=64), nullable=True))
    op.add_column("accounts", sa.Column("invited_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("accounts", sa.Column("invited_by", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column("accounts", sa.Column("joined_by", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column("accounts", sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_accounts_invitation"), "accounts", ["invitation"], unique=True)
