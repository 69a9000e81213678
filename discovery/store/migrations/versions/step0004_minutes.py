"""What overlapping imports share, by minute; network ranges."""

revision = "step0004_minutes"
down_revision = "step0003_own_services"


def upgrade() -> None:
    """Make the tables."""
