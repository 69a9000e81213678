"""Statements of cards and expenses as CSV, whatever the bank or tool calls its columns.

Only rows whose merchant is in the catalogue are kept, with day and cardholder; the merchant's text and the amount are not, and nothing at all of the
others. A row that takes money back counts as well: somebody paid.
"""

import polars as pl

from discovery.kinds.named import Named
from discovery.sightings.base import Record, SightingFormat
from discovery.sightings.meaning import when

_FIELDS = {
    "merchant": (
        *("merchant", "merchant_name", "payee", "supplier", "vendor", "counterparty", "description", "transaction_description", "details"),
        *("narrative", "reference"),
    ),
    "amount": (
        *("amount", "transaction_amount", "billing_amount", "gross_amount", "total", "total_amount", "value", "debit", "paid_out", "money_out"),
        *("amount_gbp", "amount_eur", "amount_usd", "gross"),
    ),
    "time": ("date", "transaction_date", "posting_date", "posted_date", "completed_date", "date_completed_utc", "booking_date", "expense_date"),
    "user": ("cardholder", "cardholder_name", "card_holder", "employee", "spent_by", "submitted_by", "user", "email", "payer", "member"),
}

FORMAT = SightingFormat(
    id="expenses",
    title="Card or expense statement",
    records=(
        Record(
            kind=Named(_FIELDS, must=(("merchant",), ("amount",), ("time",))),
            sighting="expensed",
            named=pl.col("merchant"),
            clock=when("time"),
            said={"user_name": pl.col("user")},
            unless=r"\bip\b|\burl\b|bytes|user.agent",
        ),
    ),
    merchants=True,
)
