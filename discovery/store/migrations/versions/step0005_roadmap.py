"""Items of the technology roadmap and changed weights."""

revision = "step0005_roadmap"
down_revision = "step0004_minutes"


def upgrade() -> None:
    """Make the tables."""
