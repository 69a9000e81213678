"""Microsoft Intune's discovered apps: the aggregate (an app and its number of devices) and the raw export (a line for each device).

Columns are those of the reports AppInvAggregate and AppInvRawData (https://learn.microsoft.com/intune/intune-service/fundamentals/reports-export-graph-available-reports).
Consoles speak the administrator's language. They hold no dates. Graph gives the same as `detectedApps`.
"""

import polars as pl

from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.named import Named, spelt
from discovery.sightings.base import Record, SightingFormat

_FIELDS = spelt(
    {
        "app": (
            "applicationname application_name app_name displayname display_name softwarename software_name anwendungsname nom_de_l_application "
            "nombre_de_la_aplicación nome_applicazione nome_dell_applicazione nome_do_aplicativo naam_van_toepassing アプリケーション名"
        ),
        "version": (
            "applicationversion application_version applicationshortversion app_version version displayversion softwareversion "
            "software_version anwendungsversion version_de_l_application versión_de_la_aplicación versione_applicazione "
            "versione_dell_applicazione versão_do_aplicativo toepassingsversie アプリケーションのバージョン"
        ),
        "count": (
            "devicecount device_count devices geräteanzahl anzahl_der_geräte gerätezahl nombre_d_appareils número_de_dispositivos "
            "recuento_de_dispositivos numero_di_dispositivi conteggio_dispositivi contagem_de_dispositivos aantal_apparaten デバイス数"
        ),
        "device": "devicename device_name gerätename nom_de_l_appareil nombre_del_dispositivo nome_dispositivo nome_do_dispositivo",
        "user": "emailaddress email_address userprincipalname primary_user_upn username user_name",
    }
)

FORMAT = SightingFormat(
    id="intune-apps",
    title="Microsoft Intune discovered apps or an inventory of software",
    records=(
        Record(
            kind=Named(_FIELDS, must=(("app",), ("version",), ("count", "device"))),
            sighting="installed",
            named=pl.col("app"),
            said={"user_name": pl.col("user"), "host_name": pl.col("device"), "times": pl.col("count")},
            unless=r"extension",
        ),
        Record(
            kind=JsonLines(must=("deviceCount",)),
            sighting="installed",
            named=pl.col("displayName"),
            said={"times": pl.col("deviceCount")},
            only=pl.col("displayName").is_not_null() & pl.col("version").is_not_null(),
        ),
    ),
)
