"""What a practice hands to all its clients."""

revision = "step0009_practice"
down_revision = "step0008_meetings"


def upgrade() -> None:
    """Make the tables."""
