"""Who may see the pages: accounts, and their sign-ins, which end on the server and not only in the browser."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from discovery.store.base import Base


class Account(Base):
    """Someone who may sign in. `key` is the name folded for comparison, so that "Ann" and "ann" are one account."""

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    password: Mapped[str] = mapped_column(Text)  # argon2id, with its parameters and salt
    role: Mapped[str] = mapped_column(String(16))  # administrator
    created: Mapped[datetime]


class SignIn(Base):
    """One sign-in of one browser. Only a hash of its token is kept: the database alone lets nobody in."""

    __tablename__ = "sign_ins"

    token: Mapped[str] = mapped_column(String(64), primary_key=True)  # SHA-256 of the token in the cookie, hex
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    started: Mapped[datetime]
