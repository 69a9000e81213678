"""dnstap, in which DNS servers write what they are asked (https://dnstap.info).

A client's query counts; a client's response does not, unless its query was not logged. What the server asks others is not a user's.
"""

from discovery.dnstap import Dnstap
from discovery.format import NO_BYTES, NO_PERSON, LogFormat
from discovery.layouts.messages import WHAT, messages
from discovery.times import Epoch

FORMAT = LogFormat(
    id="dnstap",
    title="dnstap",
    family="dns",
    cannot_tell=(NO_BYTES, NO_PERSON),
    layouts=(
        messages(
            Dnstap(),
            Epoch("time"),
            skip={"asked by the server itself, or of it by another": WHAT == "server"},
        ),
    ),
)
