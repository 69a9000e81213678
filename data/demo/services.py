"""The online services that people of the demo firm work with: which hosts a session asks for, how often and how much it moves.

Host names are those the real services use; sizes and rhythms are invented.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Service:
    """How a session on a service looks from outside.

    Attributes:
        enter: hosts asked when it is opened.
        work: hosts asked again and again while someone works.
        minutes: usual length of a session.
        pace: seconds between two requests on average.
        down, up: usual kilobytes of one request.
    """

    enter: tuple[str, ...]
    work: tuple[str, ...]
    minutes: float = 10
    pace: float = 200
    down: float = 60
    up: float = 6


def _service(enter: str, work: str, minutes: float = 10, pace: float = 200, down: float = 60, up: float = 6) -> Service:
    return Service(tuple(enter.split()), tuple(work.split()), minutes, pace, down, up)


SERVICES = {
    # What the firm provides
    "outlook": _service("login.microsoftonline.com outlook.office.com res.cdn.office.net", "outlook.office.com outlook.office365.com", 25, 420, 80),
    "teams": _service("teams.microsoft.com statics.teams.cdn.office.net", "teams.microsoft.com presence.teams.microsoft.com", 22, 400, 260, 180),
    "sharepoint": _service("fennickrowe.sharepoint.com fennickrowe-my.sharepoint.com", "fennickrowe.sharepoint.com", 16, 330, 400, 160),
    "office": _service("www.office.com word-edit.officeapps.live.com", "word-edit.officeapps.live.com excel.officeapps.live.com", 12, 240),
    "microsoft-forms": _service("forms.office.com cdn.forms.office.net", "forms.office.com", 8),
    "onenote": _service("onenote.officeapps.live.com", "onenote.officeapps.live.com", 8),
    "microsoft-copilot": _service("copilot.microsoft.com", "copilot.microsoft.com sydney.bing.com", 6),
    "xero": _service("login.xero.com go.xero.com edge.xero.com", "go.xero.com", 22, 240),
    "breathe": _service("login.breathehr.com hr.breathehr.com", "hr.breathehr.com", 5),
    "docusign": _service("account.docusign.com apps.docusign.com", "apps.docusign.com eu.docusign.net", 8, 150),
    # Sending large files
    "wetransfer": _service("wetransfer.com prod-cdn.wetransfer.net", "wetransfer.com", 9, 170, 30, 40),
    "smash": _service("fromsmash.com", "fromsmash.com uploads.fromsmash.co", 9, 170, 30, 40),
    "transfernow": _service("www.transfernow.net", "www.transfernow.net", 9, 170, 30, 40),
    # Converting files
    "smallpdf": _service("smallpdf.com", "smallpdf.com", 6, 70, 300, 420),
    "ilovepdf": _service("www.ilovepdf.com", "www.ilovepdf.com api14.ilovepdf.com api22.ilovepdf.com", 6, 75, 300, 420),
    "cloudconvert": _service("cloudconvert.com", "cloudconvert.com api.cloudconvert.com", 8, 110, 900, 1300),
    # AI
    "chatgpt": _service("chatgpt.com cdn.oaistatic.com", "chatgpt.com chatgpt.com ab.chatgpt.com", 13, 130, 90, 14),
    "deepseek": _service("chat.deepseek.com cdn.deepseek.com", "chat.deepseek.com", 11, 130, 60, 16),
    "claude": _service("claude.ai", "claude.ai a-api.anthropic.com", 14, 140, 90, 18),
    "gemini": _service("gemini.google.com", "gemini.google.com", 8, 150),
    "perplexity": _service("www.perplexity.ai", "www.perplexity.ai", 7, 150),
    "quillbot": _service("quillbot.com", "quillbot.com", 8, 140),
    "otter": _service("otter.ai", "otter.ai api.otter.ai ws.aisense.com", 42, 420, 90, 1800),
    "fireflies": _service("app.fireflies.ai", "app.fireflies.ai api.fireflies.ai", 12, 200),
    "midjourney": _service("www.midjourney.com cdn.midjourney.com", "www.midjourney.com", 16, 180, 900, 12),
    "remove-bg": _service("www.remove.bg", "www.remove.bg", 4, 60, 400, 900),
    # Files
    "dropbox": _service("www.dropbox.com cfl.dropboxstatic.com", "www.dropbox.com dl-web.dropbox.com api.dropboxapi.com", 9, 150, 900, 700),
    "google-drive": _service("accounts.google.com drive.google.com", "drive.google.com drive.usercontent.google.com", 10, 170, 1200, 260),
    "box": _service("app.box.com cdn01.boxcdn.net", "app.box.com", 8, 170, 900, 20),
    # Work and knowledge
    "trello": _service("trello.com", "trello.com api.trello.com", 14, 210, 70, 9),
    "asana": _service("app.asana.com", "app.asana.com", 12, 210),
    "monday": _service("clientview.monday.com cdn.monday.com", "clientview.monday.com", 11, 210),
    "notion": _service("www.notion.so", "www.notion.so msgstore.www.notion.so api.notion.com", 16, 200, 120, 20),
    "evernote": _service("www.evernote.com", "www.evernote.com", 9, 210),
    "miro": _service("miro.com static-website.mirostatic.com", "miro.com realtime.miro.com", 24, 270, 300, 60),
    "excalidraw": _service("excalidraw.com", "excalidraw.com", 12, 260),
    "google-docs": _service("docs.google.com", "docs.google.com", 14, 220, 120, 25),
    "google-forms": _service("forms.google.com", "forms.google.com", 8),
    "jotform": _service("www.jotform.com cdn.jotfor.ms", "www.jotform.com", 9),
    "calendly": _service("calendly.com", "calendly.com", 5, 90),
    "doodle": _service("doodle.com", "doodle.com", 4, 80),
    "zapier": _service("zapier.com cdn.zapier.com", "zapier.com", 11),
    # Talk
    "whatsapp": _service("web.whatsapp.com static.whatsapp.net", "web.whatsapp.com mmg.whatsapp.net", 26, 420, 120, 60),
    "slack": _service("app.slack.com a.slack-edge.com", "app.slack.com edgeapi.slack.com", 18, 330, 80, 12),
    "zoom": _service("zoom.us st1.zoom.us", "us05web.zoom.us", 38, 520, 4200, 3600),
    "google-meet": _service("meet.google.com", "meet.google.com", 32, 480, 3800, 3200),
    "gmail": _service("accounts.google.com mail.google.com", "mail.google.com", 6, 110),
    "outlook-personal": _service("login.live.com outlook.live.com", "outlook.live.com", 5, 110),
    "linkedin": _service("www.linkedin.com static.licdn.com", "www.linkedin.com", 6, 120, 300, 6),
    "facebook": _service("www.facebook.com static.xx.fbcdn.net", "www.facebook.com", 5, 110, 400, 6),
    "pinterest": _service("www.pinterest.co.uk i.pinimg.com", "www.pinterest.co.uk", 8, 120, 700, 5),
    # Design and media
    "canva": _service("www.canva.com static.canva.com", "www.canva.com media.canva.com export-download.canva.com", 26, 240, 500, 110),
    "figma": _service("www.figma.com static.figma.com", "www.figma.com", 22, 260, 300, 60),
    "loom": _service("www.loom.com cdn.loom.com", "www.loom.com", 10, 150, 200, 5200),
    "grammarly": _service("app.grammarly.com static.grammarly.com", "app.grammarly.com capi.grammarly.com", 10, 150),
    "deepl": _service("www.deepl.com static.deepl.com", "www2.deepl.com www.deepl.com", 5, 80),
    "google-translate": _service("translate.google.com", "translate.google.com", 3, 70),
    "capcut": _service("www.capcut.com", "www.capcut.com", 20, 240, 900, 700),
    # Sales, marketing, finance, staff
    "hubspot": _service("app-eu1.hubspot.com static.hsappstatic.net", "app-eu1.hubspot.com api.hubspot.com", 16, 230),
    "mailchimp": _service("login.mailchimp.com us21.admin.mailchimp.com", "us21.admin.mailchimp.com", 18, 230),
    "buffer": _service("publish.buffer.com", "publish.buffer.com", 7),
    "wix": _service("manage.wix.com", "manage.wix.com editor.wix.com", 16, 240),
    "dext": _service("app.dext.com", "app.dext.com", 8, 130, 60, 300),
    # IT
    "github": _service("github.com github.githubassets.com", "github.com alive.github.com", 12),
    "pastebin": _service("pastebin.com", "pastebin.com", 3, 60, 30, 12),
    "lastpass": _service("lastpass.com", "lastpass.com", 3, 70),
    "bitwarden": _service("vault.bitwarden.eu", "vault.bitwarden.eu api.bitwarden.eu", 3, 70),
    "teamviewer": _service("login.teamviewer.com", "router14.teamviewer.com", 18, 260, 900, 300),
    "temp-mail": _service("temp-mail.org", "temp-mail.org", 4, 70),
    # Small tools that no catalogue knows; the names are invented
    "snag list": _service("app.snaggledash.app", "app.snaggledash.app api.snaggledash.app", 14, 200, 80, 120),
    "ceiling grid": _service("portal.ceilgridcalc.co.uk", "portal.ceilgridcalc.co.uk", 8, 150),
}
