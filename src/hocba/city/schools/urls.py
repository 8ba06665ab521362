"""Addresses of certificates and trust."""

from __future__ import annotations

from django.urls import path

from hocba.city.schools import rest, web

urlpatterns = [
    path("chung-thu-so/", web.certificates, name="city_certificates"),
    path("chung-thu-so/phe-duyet", web.decide, name="city_decide_certificates"),
]

machine_urlpatterns = [
    path("schools/<str:school_code>/certificates", rest.certificates, name="city_exchange_certificates"),
    path("trust", rest.trust, name="city_exchange_trust"),
]
