"""Pictures of signatures: a person's in blue, the seal in red (NĐ 30/2020 Phụ lục I; Quy chế Điều 9.1).

One picture a signer and second is typeset and kept, since a batch signs many documents in the same second.
"""

from __future__ import annotations

import base64
import json
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from hocba.documents.pdf import places
from hocba.documents.pdf.typesetting import ARCHIVE, typesetter
from hocba.signing import instants
from hocba.signing.instants import VIETNAM
from hocba.signing.pdf_appearance import Appearance

if TYPE_CHECKING:
    from datetime import datetime

LAYOUT: Final = "chu_ky.typ"
LARGEST_IMAGE: Final = 256 * 1024
_PNG: Final = b"\x89PNG\r\n\x1a\n"


@lru_cache(maxsize=256)
def person_appearance(
    *, name: str, signed_at: datetime, field: str = places.HOMEROOM_FIELD, image: bytes | None = None
) -> Appearance:
    """A person's signature in the place of `field`; `image` is the hand signature (PNG or SVG), if any.

    Raises TypesettingError when the name or the image cannot be set, ValueError for another kind of image.
    """
    return _appearance("person", places.SIGNATURE_BOXES[field], name, signed_at, image)


@lru_cache(maxsize=64)
def seal_appearance(*, organisation: str, signed_at: datetime, image: bytes | None = None) -> Appearance:
    """The school's seal with its name and time; `image` is the registered seal (PNG or SVG), if any.

    Raises TypesettingError when the name or the image cannot be set, ValueError for another kind of image.
    """
    return _appearance("seal", places.SIGNATURE_BOXES[places.SEAL_FIELD], organisation, signed_at, image)


@lru_cache(maxsize=64)
def copy_appearance(*, organisation: str, signed_at: datetime, kind: str = "Sao y") -> Appearance:
    """What the school's signature shows on a paper copied into electronic form: words, no picture.

    In the upper right corner of the first page stand the form of the copy, the organisation and the time in letters
    of 10 points, black (NĐ 30/2020 Phụ lục I phần III); its place is `places.COPY_MARK`.
    Raises TypesettingError when the name cannot be set.
    """
    return _appearance("copy", places.COPY_MARK, organisation, signed_at, None, label=kind)


def _appearance(
    kind: str, box: places.Box, name: str, signed_at: datetime, image: bytes | None, label: str = ""
) -> Appearance:
    local = signed_at.astimezone(VIETNAM)
    data = {
        "kind": kind,
        "label": label,
        "instant": instants.iso(local),
        "name": name,
        "day": f"{local:%d/%m/%Y}",
        "hour": f"{local:%H:%M:%S} +07:00",
        "time": f"{local:%d/%m/%Y %H:%M:%S} +07:00",
        "width": box.w,
        "height": box.h,
        "diameter": places.SEAL_DIAMETER,
        "image": None if image is None else _svg(image),
    }
    pdf = typesetter(LAYOUT).pdf(
        json.dumps(data, ensure_ascii=False), created_at=local, standards=ARCHIVE, tagged=False
    )
    return Appearance.from_pdf(pdf)


def _svg(image: bytes) -> str:
    """The picture as SVG, which is text and can be handed over as such; a PNG is wrapped."""
    if len(image) > LARGEST_IMAGE:
        raise ValueError("the picture of a signature is too large")
    if not image.startswith(_PNG):
        return image.decode()
    width, height = (int.from_bytes(image[at : at + 4], "big") for at in (16, 20))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" '
        f'href="data:image/png;base64,{base64.b64encode(image).decode()}"/></svg>'
    )
