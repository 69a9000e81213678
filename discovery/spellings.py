"""What headers call their columns, and how unknown logs write the time: shared by CSV of unknown origin and by formats that people teach."""

from typing import Final

from discovery.portal import WRITTEN
from discovery.times import Clock, DayMonth, Epoch, FirstOf, InUtc, Iso, Stamp, Worded, Yearless

#: Field -> names that headers use for it, in small letters with `_` for what is no letter or digit; the first found counts.
SPELLINGS: Final = {
    "timestamp": (
        "timestamp datetime date_time time_stamp event_time eventtime log_time logtime start_time generated_time receive_time "
        "time_generated time_generated_utc timegenerated timegenerated_utc messagetime end_time access_time when utc_time ts _time time "
        "log_date zeitstempel zeitpunkt horodatage fecha_y_hora data_e_ora"
    ),
    "date": "date day log_date event_date datum fecha data",
    "clock": "time clock log_time event_time uhrzeit zeit heure hora ora",
    "user": (
        "user username user_name login account cs_username source_user src_user srcuser email user_email suser user_id userid identity "
        "user_origin source_user_name src_username srcusername sourceusername who benutzer benutzername utilisateur nom_d_utilisateur usuario utente"
    ),
    "client": (
        "client_ip clientip client source_ip src_ip srcip src source source_address src_address sourceip c_ip ip ip_address "
        "ip_address_origin internal_ip internal_ip_address client_address local_ip device_ip srcipaddr src_ip_addr quell_ip quelle quelladresse "
        "ip_quelle adresse_ip_source ip_source adresse_source adresse_ip ip_origen dirección_ip ip_sorgente indirizzo_ip"
    ),
    "mac": "mac mac_address client_mac source_mac src_mac srcmac device_mac srcmacaddr hardware_address",
    "host": (
        "device device_name devicename device_hostname computer computer_name hostname host_name client_name client_host source_host "
        "host_origin source_host_name srchostname srcname machine arbeitsplatz rechner"
    ),
    "domain": (
        "domain destination_domain dest_domain fqdn query query_name qname dns_query question domain_name destination_host "
        "host_impacted dest_host dsthost dst_host destination_host_name dsthostname destinationhostname dnsquery url_domain url_host site website "
        "sni server_name cs_host host destination_hostname dst_name hostname destination ziel zieldomain zieladresse domaine dominio sitio sito"
    ),
    "url": "url uri request_url cs_uri full_url request link web_address destination_url requesturl",
    "address": "destination_ip dest_ip dst_ip dstip dst destination destination_address dst_address server_ip remote_ip s_ip r_ip "
    "ip_address_impacted dstipaddr dst_ip_addr ziel_ip adresse_ip_destination ip_destino ip_destinazione",
    "up": (
        "bytes_sent sent_bytes sentbyte upload_bytes uploaded_bytes bytes_out out_bytes cs_bytes source_bytes bytes_up upload "
        "request_size sent client_bytes srcbytes src_bytes totlen_fwd_pkts total_length_of_fwd_packets sentbytes gesendet"
    ),
    "down": (
        "bytes_received received_bytes rcvdbyte download_bytes downloaded_bytes bytes_in in_bytes sc_bytes destination_bytes "
        "bytes_down download response_size received rcvd server_bytes dstbytes dst_bytes totlen_bwd_pkts total_length_of_bwd_packets "
        "receivedbytes empfangen"
    ),
    "action": (
        "action verdict disposition status result policy_action event_action device_action dvcaction decision filter_result aktion acción azione"
    ),
}

#: Field -> keys of JSON for it that leave no doubt which side they are about, or what; behind them those of records under `attributes`.
DIRECTED: Final = {
    "timestamp": (
        "@timestamp _time event_time eventTime EventTime time_generated TimeGenerated datetime start_time startTime receive_time ts time "
        "attributes.timestamp content.timestamp"
    ),
    "user": (
        "user username user_name userName src_user srcUser source_user sourceUser suser attributes.usr.name attributes.usr.id "
        "attributes.attributes.usr.name attributes.attributes.usr.id content.attributes.usr.name content.attributes.usr.id"
    ),
    "client": (
        "client_ip clientIp clientIP clientip src_ip srcIp srcIP srcip SrcIP source_ip sourceIp sourceIP source_address sourceAddress src_addr "
        "srcAddr src attributes.network.client.ip attributes.attributes.network.client.ip content.attributes.network.client.ip"
    ),
    "mac": "src_mac srcMac srcmac source_mac sourceMac client_mac clientMac",
    "asked": (
        "dns_query dnsQuery qname query_name queryName attributes.dns.question.name attributes.attributes.dns.question.name "
        "content.attributes.dns.question.name"
    ),
    "site": (
        "destination_domain destinationDomain dest_domain dst_domain dstDomain destination_host destinationHost dest_host dst_host dstHost "
        "destination_hostname destinationHostname dest_hostname dst_hostname url_domain sni dest attributes.http.url_details.host "
        "attributes.attributes.http.url_details.host content.attributes.http.url_details.host"
    ),
    "url": "url URL requestUrl request_url attributes.http.url attributes.attributes.http.url content.attributes.http.url",
    "address": (
        "destination_ip destinationIp destinationIP dest_ip destIp destip dst_ip dstIp dstIP dstip DstIP destination_address destinationAddress "
        "dst_addr dstAddr dst attributes.network.destination.ip attributes.attributes.network.destination.ip "
        "content.attributes.network.destination.ip"
    ),
    "up": "bytes_sent bytesSent sent_bytes sentBytes sentbyte bytes_out bytesOut out_bytes outBytes src_bytes srcBytes source_bytes upload",
    "down": (
        "bytes_received bytesReceived received_bytes receivedBytes rcvdbyte bytes_in bytesIn in_bytes inBytes dst_bytes dstBytes destination_bytes "
        "download"
    ),
    "action": "action verdict disposition policy_action policyAction device_action deviceAction event_action",
}

#: Columns of a list of something else (orders, invoices, contacts, tickets, prints, mail and who read it, domains, inventories, passwords): no
#: log has them.
NO_LOG: Final = (
    "amount price total_price unit_price total_amount currency balance invoice invoice_no order_id order_number order_no quantity qty sku vat "
    "phone telephone phone_number mobile_phone first_name last_name given_name family_name firstname lastname full_name surname birthday "
    "street postcode zip_code salary job_title recipient recipients ticket ticket_id requester assignee registrar expires expiry renewal "
    "asset_tag last_logon password passwort copies pages printer document_name "
    "campaign campaign_id campaign_name opt_in newsletter mailing mailing_id list_id list_name subscriber subscriber_id subscribed "
    "unsubscribed bounced opened opens open_count click clicks clicked clicked_at clicked_url click_count click_time click_rate klicks clics "
    "betrag preis menge rechnung rechnungsnummer bestellnummer kundennummer vorname nachname telefon strasse straße plz "
    "montant prix quantité facture prénom téléphone importe precio cantidad factura apellido apellidos teléfono importo prezzo cognome"
)

#: Says that somebody signed in or out, which is no visit to a site.
SIGN_IN: Final = r"(?i)\b(?:log(?:ged)?[ _-]?(?:in|on|out|off)|sign(?:ed)?[ _-]?(?:in|on|out|off)|authenticat(?:ion|ed))\b"


def clock(time: str, date: str | None = None) -> Clock:
    """A clock for one column that holds date and time, or for a column of each."""
    if date is not None:
        return FirstOf((Stamp((date, time), ("%Y-%m-%d %H:%M:%S%.f", "%Y/%m/%d %H:%M:%S%.f")), Worded((date, time)), DayMonth((date, time))))
    slashed = Stamp((time,), ("%Y/%m/%d %H:%M:%S%.f",))
    exported = (InUtc(time, form) for form in WRITTEN)
    return FirstOf((Epoch(time), Iso(time), slashed, Worded((time,)), DayMonth((time,)), Yearless(time), *exported))
