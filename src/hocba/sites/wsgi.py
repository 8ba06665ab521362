"""WSGI application of the side that DJANGO_SETTINGS_MODULE names."""

from __future__ import annotations

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

application = get_wsgi_application()

# Django imports pages and what they need with the first request. Doing it here lets processes that are forked from this
# one share it, and nobody waits for it.
_ = get_resolver().url_patterns
