"""Sign-in and sign-out; nothing else of allauth is reachable."""

from __future__ import annotations

from allauth.account import views
from django.urls import path

from hocba.platform.accounts.guards import public

urlpatterns = [
    path(
        "dang-nhap",
        public(views.LoginView.as_view(template_name="accounts/login.html")),
        name="account_login",
    ),
    path(
        "dang-xuat",
        public(views.LogoutView.as_view(template_name="accounts/logout.html")),
        name="account_logout",
    ),
    # Names that allauth asks for while it renders; sign-up and reset are closed and lead back to sign-in.
    path(
        "dang-nhap",
        public(views.LoginView.as_view(template_name="accounts/login.html")),
        name="account_signup",
    ),
    path(
        "dang-nhap",
        public(views.LoginView.as_view(template_name="accounts/login.html")),
        name="account_reset_password",
    ),
    path(
        "dang-nhap",
        public(views.LoginView.as_view(template_name="accounts/login.html")),
        name="account_inactive",
    ),
]
