"""Statements of cards and expenses as CSV, whatever the bank or tool calls its columns.

Only rows whose merchant is in the catalogue are kept, with day and cardholder; the merchant's text and the amount are not, and nothing at all of the
others. A row that takes money back counts as well: somebody paid.
"""

import polars as pl

from discovery.kinds.named import Named, spelt
from discovery.sightings.base import Record, SightingFormat
from discovery.sightings.meaning import when

#: What banks, cards and expense tools call their columns, in English, German, Dutch, French, Spanish, Italian, Portuguese, Scandinavian languages,
#: Finnish, Polish and Czech.
_FIELDS = spelt(
    {
        "merchant": (
            "merchant merchant_name payee supplier supplierfound supplier_name vendor vendor_name counterparty counterparty_name lieferant "
            "maksunsaaja beguenstigter_zahlungspflichtiger begünstigter_zahlungspflichtiger name_zahlungsbeteiligter auftraggeber_empfänger "
            "auftraggeber_begünstigter begünstigter_auftraggeber zahlungsempfänger_in zahlungsempfänger empfänger händler partnername "
            "umsatz_details naam_tegenpartij naam_omschrijving tegenpartij libelle_simplifie nom_de_la_contrepartie nom_contrepartie_contient "
            "bénéficiaire commerçant tiers comercio establecimiento beneficiario esercente controparte estabelecimento mottagare saajan_nimi "
            "saaja saaja_maksaja kontrahent nazwa_odbiorcy nadawca_odbiorca název_protiúčtu obchodník description transaction_description "
            "transaction_details details narrative beschreibung buchungsdetails avisierungstext buchungstext verwendungszweck umsatztext "
            "omschrijving description1 libelle_operation libellé libelle libellé_opération communications concepto descripción movimiento "
            "descrizione descrizione_operazione causale descrição descricao histórico text tekst beskrivning beskrivelse forklaring referens "
            "opis opis_operacji opis_transakcji tytuł popis zpráva_pro_příjemce memo reference booking_text transaktionsbeschreibung name nimi "
            "label"
        ),
        "amount": (
            "amount transaction_amount billing_amount gross_amount total total_amount value debit debit_amount paid_out money_out withdrawal "
            "withdrawals amount_gbp amount_eur amount_usd amount_chf amount_in_eur gross buchungsbetrag originalbetrag debit_chf betrag umsatz "
            "betrag_eur betrag_in_eur belastung belastung_chf bedrag bedrag_eur montant montant_eur débit dépenses importe importe_eur cargo "
            "cargos importo importo_eur addebiti dare uscite valor valor_eur montante débito belopp beløb beløp ut_fra_konto ut määrä "
            "määrä_eur summa kwota kwota_operacji částka objem montant_euros total_amount_incl_vat betrag_brutto bruttobetrag"
        ),
        "time": (
            "date timestamp transaction_date trans_date belegdatum posting_date posted_date completed_date date_completed_utc booking_date "
            "expense_date value_date buchungstag buchungsdatum buchung datum valutadatum transaktionsdatum abschlussdatum einkaufsdatum "
            "boekdatum boekingsdatum transactiedatum date_opération date_operation date_de_transaction date_de_comptabilisation "
            "date_d_opération date_comptable fecha fecha_operación fecha_de_operación f_operación fecha_valor data data_contabile "
            "data_operazione data_movimento data_mov data_lançamento data_valuta bokföringsdag bokforingsdatum bokföringsdatum transaktionsdag "
            "dato bogføringsdato bokføringsdato kirjauspäivä maksupäivä arvopäivä data_operacji data_transakcji data_księgowania "
            "datum_provedení datum_zaúčtování dateop payment_date operation_date operation_date_utc settlement_date settlement_date_utc"
        ),
        "user": (
            "cardholder cardholder_name card_holder card_member employee employee_name spent_by submitted_by purchased_by user email payer "
            "member karteninhaber mitarbeiter titulaire collaborateur titular empleado intestatario dipendente kaarthouder kortinnehavare "
            "member_name initiator"
        ),
    }
)

FORMAT = SightingFormat(
    id="expenses",
    title="Card or expense statement",
    records=(
        Record(
            kind=Named(_FIELDS, must=(("merchant",), ("amount",), ("time",)), above=25),
            sighting="expensed",
            named=pl.col("merchant"),
            clock=when("time"),
            said={"user_name": pl.col("user")},
            unless=r"\bip\b|\burl\b|bytes|user.agent|\bsku\b|quantity|phone",
        ),
    ),
    merchants=True,
)
