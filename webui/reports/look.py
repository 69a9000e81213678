"""How a client's reports look: the name, logo and colour of the firm, or of whoever looks after it."""

import base64
import re
from dataclasses import dataclass
from typing import Final

from discovery.errors import GnomonError

COLOUR: Final = "#c77c06"
LOGO_BYTES: Final = 200_000
NAME_LENGTH: Final = 100
#: First bytes of the pictures that are taken -> their type. A drawing (SVG) could hold links and scripts, so it is none of them.
_PICTURES: Final = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


@dataclass(frozen=True, slots=True)
class Look:
    """A name shown as the maker of reports (empty: Gnomon), the colour of their band, and a picture (empty: none)."""

    name: str = ""
    colour: str = COLOUR
    logo: bytes = b""

    @property
    def logo_type(self) -> str:
        """Type of the picture; empty where there is none."""
        return picture_type(self.logo)

    @property
    def logo_data(self) -> str:
        """The picture as part of a document; empty where there is none."""
        return f"data:{self.logo_type};base64,{base64.b64encode(self.logo).decode()}" if self.logo_type else ""


def picture_type(content: bytes) -> str:
    """The type of a picture by its first bytes; empty for anything that is not taken."""
    return next((kind for start, kind in _PICTURES.items() if content.startswith(start)), "")


def checked(name: str, colour: str, logo: bytes) -> Look:
    """A look from a form.

    Raises:
        GnomonError: the colour is none, or the picture is too large or of another kind.
    """
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        raise GnomonError("A colour is written like #c77c06.")
    if len(logo) > LOGO_BYTES:
        raise GnomonError(f"The picture may have up to {LOGO_BYTES // 1000} kB.")
    if logo and not picture_type(logo):
        raise GnomonError("The picture has to be a PNG or JPEG.")
    plain = "".join(sign if sign.isprintable() else " " for sign in name)
    return Look(" ".join(plain.split())[:NAME_LENGTH], colour.lower(), logo)
