"""Tokens for the interface, and how reports look."""

revision = "step0007_reports"
down_revision = "step0006_alerts"


def upgrade() -> None:
    """Make the tables."""
