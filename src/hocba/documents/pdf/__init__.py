"""The transcript as a PDF in the ministry's form, and the pictures of its signatures."""

from hocba.documents.pdf.book import BookError, SignedYear, render_book
from hocba.documents.pdf.places import FIELD_ORDER, HOMEROOM_FIELD, PRINCIPAL_FIELD, SEAL_FIELD
from hocba.documents.pdf.rendering import UnsignedPdf, render
from hocba.documents.pdf.stamps import copy_appearance, person_appearance, seal_appearance
from hocba.documents.pdf.typesetting import TypesettingError

__all__ = [
    "FIELD_ORDER",
    "HOMEROOM_FIELD",
    "PRINCIPAL_FIELD",
    "SEAL_FIELD",
    "BookError",
    "SignedYear",
    "TypesettingError",
    "UnsignedPdf",
    "copy_appearance",
    "person_appearance",
    "render",
    "render_book",
    "seal_appearance",
]
