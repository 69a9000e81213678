"""Meetings and what was settled in them."""

revision = "step0008_meetings"
down_revision = "step0007_reports"


def upgrade() -> None:
    """Make the tables."""
