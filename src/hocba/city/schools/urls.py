"""Addresses of certificates and trust."""

from __future__ import annotations

from django.urls import path

from hocba.city.schools import calendar_pages, rest, web

urlpatterns = [
    path("chung-thu-so/", web.certificates, name="city_certificates"),
    path("chung-thu-so/lich", calendar_pages.calendar_page, name="city_certificate_calendar"),
    path("chung-thu-so/lich.json", calendar_pages.calendar_json, name="city_certificate_calendar_json"),
    path("chung-thu-so/lich.csv", calendar_pages.calendar_csv, name="city_certificate_calendar_csv"),
    path("chung-thu-so/<int:pk>/", web.certificate, name="city_certificate"),
    path("chung-thu-so/<int:pk>/rut", web.withdraw, name="city_withdraw_certificate"),
    path("chung-thu-so/phe-duyet", web.decide, name="city_decide_certificates"),
]

machine_urlpatterns = [
    path("schools/<str:school_code>/certificates", rest.certificates, name="city_exchange_certificates"),
    path(
        "schools/<str:school_code>/declared-certificates",
        rest.declared_certificates,
        name="city_exchange_declared_certificates",
    ),
    path(
        "schools/<str:school_code>/duty-endings/<str:holder>",
        rest.duty_ending,
        name="city_exchange_duty_ending",
    ),
    path("certificate-changes", rest.certificate_changes, name="city_exchange_certificate_changes"),
    path("trust", rest.trust, name="city_exchange_trust"),
]
