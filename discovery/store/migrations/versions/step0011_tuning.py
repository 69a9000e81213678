"""What a client sets of its own: weights by category, how long things are kept, and who may do what."""

revision = "step0011_tuning"
down_revision = "step0010_views"


def upgrade() -> None:
    """Make the tables."""
