"""What the firm decided about services: the register, with everything it ever said."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from discovery.store.base import Base


class DecisionRow(Base):
    """One decision about a service. Rows are only ever added: the newest of a service is in force, the others are its history."""

    __tablename__ = "decisions"
    __table_args__ = (Index(None, "client_id", "service", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("clients.id", ondelete="CASCADE"))
    service: Mapped[str] = mapped_column(String(128))  # id in the catalogue
    status: Mapped[str] = mapped_column(String(32))  # see rules.register
    owner: Mapped[str] = mapped_column(Text)  # who owns the risk
    reason: Mapped[str] = mapped_column(Text)
    conditions: Mapped[str] = mapped_column(Text)
    review_by: Mapped[date | None]
    decided_at: Mapped[datetime]
    decided_by: Mapped[str] = mapped_column(Text)  # account that recorded it
