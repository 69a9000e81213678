"""Muted alerts, and what the register knows beside a decision."""

revision = "step0006_alerts"
down_revision = "step0005_roadmap"


def upgrade() -> None:
    """Make the tables."""
