"""Microsoft Entra sign-in logs: the portal's CSV, Graph's JSON, Azure Monitor's diagnostic records and Log Analytics' tables.

Fields are those of the `signIn` resource (https://learn.microsoft.com/graph/api/resources/signin). Where a user's home tenant and the tenant of what
was signed in to differ, the account is another tenant's; a guest is never taken for a member of staff with the same name. Addresses are not kept.
"""

import polars as pl

from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.named import Named, spelt
from discovery.sightings.base import Record, SightingFormat
from discovery.sightings.meaning import COMPANY, OTHER_TENANT, PERSONAL, of_mail, when

# The portal's columns are in the language of who exports them.
_FIELDS = spelt(
    {
        "time": "date_utc createddatetime timegenerated_utc timegenerated created_date_time date datum_utc fecha_utc data_utc 日付_utc",
        "user": (
            "username userprincipalname user_principal_name user benutzername nom_d_utilisateur nombre_de_usuario nome_utente nome_de_usuário "
            "gebruikersnaam ユーザー名"
        ),
        "app": "application appdisplayname app_display_name anwendung aplicación applicazione aplicativo toepassing アプリケーション",
        "resource": "resource resourcedisplayname resource_display_name ressource recurso risorsa",
        "home": "home_tenant_id hometenantid basismandanten_id",
        "tenant": "resource_tenant_id resourcetenantid ressourcenmandanten_id",
        "type": "user_type usertype benutzertyp",
        "code": (
            "sign_in_error_code resulttype status_errorcode anmeldefehlercode code_d_erreur_de_connexion código_de_error_de_inicio_de_sesión "
            "codice_errore_di_accesso"
        ),
        "status": "status état estado stato",
        "request": (
            "request_id correlation_id correlationid id resultsignature resulttype client_app clientappused conditionalaccessstatus "
            "conditional_access riskstate risk_state isinteractive anforderungs_id id_de_la_demande id_de_solicitud id_richiesta "
            "id_da_solicitação aanvraag_id 要求_id"
        ),
        "address": "ip_address ipaddress ip_adresse adresse_ip dirección_ip indirizzo_ip endereço_ip ip_adres ip_アドレス",
    }
)

#: The tenant of everybody's own Microsoft account (https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference).
_OWN_ACCOUNTS = "9188040d-6c67-4c5b-b112-36a304b66dad"


def _either(*names: str) -> tuple[str, ...]:
    return (*names, *(f"properties.{name}" for name in names))


_PATHS = {
    "time": ("createdDateTime", "properties.createdDateTime", "TimeGenerated"),
    "user": _either("userPrincipalName", "UserPrincipalName"),
    "app": _either("appDisplayName", "AppDisplayName"),
    "resource": _either("resourceDisplayName", "ResourceDisplayName"),
    "home": _either("homeTenantId", "HomeTenantId"),
    "tenant": _either("resourceTenantId", "ResourceTenantId"),
    "type": _either("userType", "UserType"),
    "code": (*_either("status.errorCode"), "ResultType", "resultType"),
    "address": _either("ipAddress", "IPAddress"),
}

_HOME, _TENANT = (pl.col(name).str.to_lowercase().replace("", None) for name in ("home", "tenant"))
_FAILED = pl.col("code").str.contains(r"^[1-9]")
_NOBODY = pl.col("user").is_null() | (pl.col("user") == "")

_SAID = {
    "user_name": pl.col("user"),
    "stranger": (pl.col("type").str.to_lowercase() == "guest") | pl.col("user").str.contains("(?i)#ext#"),
    "account": pl.coalesce(
        pl.when(_HOME == _OWN_ACCOUNTS).then(pl.lit(PERSONAL)),
        of_mail(pl.col("user")),
        pl.when(_HOME == _TENANT).then(pl.lit(COMPANY)),
        pl.when(_HOME != _TENANT).then(pl.lit(OTHER_TENANT)),
    ),
}
_APP = pl.coalesce(pl.col("app").replace("", None), pl.col("resource").replace("", None))

FORMAT = SightingFormat(
    id="entra-signins",
    title="Microsoft Entra sign-in log",
    records=(
        Record(
            kind=Named(_FIELDS, must=(("time",), ("user",), ("app",), ("request",), ("address",))),
            sighting="sign-in",
            named=_APP,
            clock=when("time"),
            said=_SAID,
            skip={
                "sign-in that failed": _FAILED
                | pl.col("status").str.contains("(?i)^(?:fail|interrupt|fehler|unterbr|échec|interromp|error|errore|falha|mislukt|失敗)"),
                "sign-in of a program, not of a person": _NOBODY,
            },
        ),
        Record(
            kind=JsonLines(must=("user", "app", "resource"), paths=_PATHS),
            sighting="sign-in",
            named=_APP,
            clock=when("time"),
            said=_SAID,
            only=_APP.is_not_null() & pl.col("address").is_not_null() & (pl.col("tenant").is_not_null() | pl.col("code").is_not_null()),
            skip={"sign-in that failed": _FAILED, "sign-in of a program, not of a person": _NOBODY},
        ),
    ),
)
