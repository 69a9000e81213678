"""Web pages that people of the demo firm read, with the foreign hosts that each page embeds, and the programs that talk without anyone.

Sites under .example are made up; the well-known ones are there because every office log holds them. What a page embeds must never look like use.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """A site, its own other hosts, and the widgets, fonts and trackers of others in its pages."""

    host: str
    own: tuple[str, ...]
    embeds: tuple[str, ...]


FONTS = "fonts.googleapis.com fonts.gstatic.com"
ANALYTICS = "www.googletagmanager.com region1.google-analytics.com"
ADVERTS = "securepubads.g.doubleclick.net sb.scorecardresearch.com static.criteo.net"
HUBSPOT = "js-eu1.hs-scripts.com js-eu1.hs-analytics.net track.hubspot.com"
INTERCOM = "widget.intercom.io js.intercomcdn.com api-iam.intercom.io"
SOCIAL = "connect.facebook.net platform.linkedin.com px.ads.linkedin.com assets.pinterest.com"
VIDEO = "www.youtube-nocookie.com i.ytimg.com"


def _hosts(names: str) -> tuple[str, ...]:
    return tuple(names.split())


def _page(host: str, own: str = "", *embeds: str) -> Page:
    return Page(host, _hosts(own), _hosts(" ".join(embeds)))


WORK_PAGES = (
    _page("www.google.com", "www.gstatic.com"),
    _page("www.google.com", "www.gstatic.com"),
    _page("www.bing.com", "th.bing.com"),
    _page("www.brackenfloors.example", "cdn.brackenfloors.example", FONTS, ANALYTICS, HUBSPOT, VIDEO),
    _page("shop.oakhaminteriors.example", "", FONTS, ANALYTICS, INTERCOM, "js.stripe.com", SOCIAL),
    _page("www.tarnlighting.example", "media.tarnlighting.example", FONTS, ANALYTICS, VIDEO, "static.hotjar.com script.hotjar.com"),
    _page("www.greyfriarspartitions.example", "", FONTS, HUBSPOT, "player.vimeo.com i.vimeocdn.com"),
    _page("booking.millracehire.example", "", FONTS, ANALYTICS, "assets.calendly.com static.zdassets.com"),
    _page("www.holtglazing.example", "", FONTS, "client.crisp.chat", "embed.typeform.com", SOCIAL),
    _page("www.screwfix.com", "media.screwfix.com", ANALYTICS, ADVERTS),
    _page("www.toolstation.com", "", ANALYTICS, "static.zdassets.com"),
    _page("www.howdens.com", "", ANALYTICS, VIDEO),
    _page("www.gov.uk", "assets.publishing.service.gov.uk"),
    _page("www.planningportal.co.uk", "", ANALYTICS),
    _page("www.dezeen.com", "static.dezeen.com", ADVERTS, SOCIAL, "static.mailerlite.com"),
    _page("www.archdaily.com", "images.adsttc.com", ADVERTS, SOCIAL, FONTS),
    _page("en.wikipedia.org", "upload.wikimedia.org"),
    _page("www.thetrainline.com", "", ANALYTICS, ADVERTS),
    _page("www.youtube.com", "i.ytimg.com rr3---sn-aigl6nek.googlevideo.com", "fonts.gstatic.com"),
)
PRIVATE_PAGES = (
    _page("www.bbc.co.uk", "static.files.bbci.co.uk ichef.bbci.co.uk", "sb.scorecardresearch.com"),
    _page("www.bbc.co.uk", "static.files.bbci.co.uk ichef.bbci.co.uk", "sb.scorecardresearch.com"),
    _page("www.theguardian.com", "assets.guim.co.uk i.guim.co.uk", ADVERTS, "interactive.guim.co.uk"),
    _page("www.amazon.co.uk", "m.media-amazon.com", "fls-eu.amazon.co.uk"),
    _page("www.rightmove.co.uk", "media.rightmove.co.uk", ADVERTS, ANALYTICS),
    _page("www.johnlewis.com", "", ANALYTICS, SOCIAL),
    _page("www.ebay.co.uk", "i.ebayimg.com", ADVERTS),
    _page("www.youtube.com", "i.ytimg.com rr3---sn-aigl6nek.googlevideo.com", "fonts.gstatic.com"),
    # Nobody else's business: banks, health, jobs. Gnomon must leave them out of its findings
    _page("www.barclays.co.uk", "bank.barclays.co.uk"),
    _page("www.natwest.com", ""),
    _page("www.nhs.uk", "assets.nhs.uk"),
    _page("patient.info", "", ADVERTS),
    _page("www.reed.co.uk", "", ANALYTICS),
)
#: Single visits that lead nowhere: help pages, public documents, a click in a newsletter. Host by host.
GLANCES = _hosts("help.miro.com blog.trello.com www.zoom.com click.list-manage.com bit.ly forms.gle help.dropbox.com we.tl asana.com openai.com")


@dataclass(frozen=True)
class Agent:
    """A program that asks by itself: its hosts, seconds between two rounds, bytes down and up.

    `system` programs belong to the machine and pass the proxy without signing in; the others run as whoever is signed in.
    `plain` is HTTP without encryption.
    """

    hosts: tuple[str, ...]
    every: float
    down: float
    up: float
    system: bool
    plain: bool


def _agent(hosts: str, hours: float, down: float = 3, up: float = 2, system: bool = False, plain: bool = False) -> Agent:
    return Agent(_hosts(hosts), hours * 3600, down * 1000, up * 1000, system, plain)


COMPUTER_AGENTS = (
    _agent("v10.events.data.microsoft.com settings-win.data.microsoft.com", 5, up=14, system=True),
    _agent("slscr.update.microsoft.com fe3cr.delivery.mp.microsoft.com", 19, 220, system=True),
    _agent("d3.sophosupd.com", 6, 160, system=True),
    _agent("ctldl.windowsupdate.com ocsp.digicert.com", 14, 2, 1, system=True, plain=True),
    _agent("update.googleapis.com", 11),
    _agent("config.teams.microsoft.com presence.teams.microsoft.com", 4.6),
    _agent("outlook.office365.com", 4.4, 30, 8),
    _agent("oneclient.sfx.ms fennickrowe-my.sharepoint.com", 8, 12, 20),
)
DROPBOX = _agent("client.dropbox.com bolt.dropbox.com", 1.1, 4, 3)
GRAMMARLY = _agent("gnar.grammarly.com f-log-extension.grammarly.io", 1.4, 3, 6)
BACKUP = _agent("ca001.backblaze.com", 1.5, 2, 900)
ANYDESK = _agent("boot.net.anydesk.com", 3, 1, 1, system=True)
ANYDESK_RELAY = "relay-4f21c0aa.net.anydesk.com"
PHONE_AGENTS = (
    _agent("courier.push.apple.com time.apple.com", 5),
    _agent("connectivitycheck.gstatic.com mtalk.google.com", 6),
    _agent("g.whatsapp.net", 3),
    _agent("gateway.icloud.com", 9),
    _agent("graph.instagram.com graph.facebook.com app-measurement.com", 8),
)
ROOM_AGENTS = (_agent("config.teams.microsoft.com time.windows.com", 6), _agent("v10.events.data.microsoft.com", 9))
PRINTER_AGENTS = (_agent("xmpp009.hpeprint.com pool.ntp.org", 5),)

#: What the Pi-hole's block list refuses.
GRAVITY = _hosts(
    "securepubads.g.doubleclick.net sb.scorecardresearch.com static.criteo.net region1.google-analytics.com px.ads.linkedin.com "
    "js-eu1.hs-analytics.net track.hubspot.com app-measurement.com v10.events.data.microsoft.com static.hotjar.com script.hotjar.com "
    "graph.facebook.com fls-eu.amazon.co.uk"
)
VPN_HOSTS = ("nordvpn.com", "api.nordvpn.com", "protonvpn.com")
