"""The client's own services and its overrides of the catalogue."""

revision = "step0003_own_services"
down_revision = "step0002_dns_answers"


def upgrade() -> None:
    """Make the tables."""
