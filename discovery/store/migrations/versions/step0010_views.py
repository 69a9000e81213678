"""Saved views of the pages and scheduled reports."""

revision = "step0010_views"
down_revision = "step0009_practice"


def upgrade() -> None:
    """Make the tables."""
