"""The menu of a side: one line an entry, the current one marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import mark_safe

if TYPE_CHECKING:
    from django.template import Context

register = template.Library()


@register.simple_tag(takes_context=True)
def menu_item(context: Context, name: str, title: str, inner: str = "") -> str:
    """A link to the address `name`; current there and on the addresses named in `inner`, parted by blanks."""
    match = getattr(context.get("request"), "resolver_match", None)
    here = match.url_name if match else None
    current = mark_safe(' aria-current="page"') if here in {name, *inner.split()} else ""
    return format_html('<a href="{}"{}>{}</a>', reverse(name), current, title)
