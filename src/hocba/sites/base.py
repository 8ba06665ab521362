"""Settings every side shares; `hocba/sites/<side>.py` adds its apps, urls and roles."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from hocba.exchange import certificate_calendar
from hocba.sites import databases, environment

PLATFORM_APPS = [
    "hocba.platform.tenancy",
    "hocba.platform.accounts",
    "hocba.platform.audit",
    "hocba.platform.files",
    "hocba.platform.messages",
    "hocba.platform.web",
]

DESKS = {
    "tracking": "hocba.tracking.sealing.desk.DESK",
    "transcripts": "hocba.transcripts.issuing.desk.DESK",
}
"""The signing desk of each side that has one, for jobs that go on without a request."""
REMOTE_SIGNING = "hocba.desk.remote_sessions.service.RemoteSessions"

SECURITY: dict[str, object] = {
    "SECURE_CONTENT_TYPE_NOSNIFF": True,
    "SECURE_REFERRER_POLICY": "same-origin",
    "SECURE_CROSS_ORIGIN_OPENER_POLICY": "same-origin",
    "X_FRAME_OPTIONS": "DENY",
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "SESSION_COOKIE_AGE": 8 * 3600,
    "SESSION_EXPIRE_AT_BROWSER_CLOSE": True,
    "CSRF_COOKIE_HTTPONLY": True,
    "PASSWORD_HASHERS": ["hocba.platform.accounts.hashing.Argon2id"],
    "AUTH_PASSWORD_VALIDATORS": [
        {
            "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
            "OPTIONS": {"min_length": 10},
        },
        {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
        {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    ],
}


def settings(*, side: str, apps: list[str], urls: str, roles: str) -> dict[str, object]:
    """All settings of one side; `roles` is the dotted path of its role table."""
    production = environment.is_production()
    as_owner = environment.boolean("HOCBA_AS_OWNER", default=False)
    host = urlsplit(environment.address(side)).hostname or "127.0.0.1"
    values: dict[str, object] = {
        "HOCBA_SIDE": side,
        "HOCBA_ROLES": roles,
        "HOCBA_FILES": environment.state_directory() / "files" / side,
        "HOCBA_PRODUCTION": production,
        "HOCBA_SEALS": "hocba.sites.wiring.seals",
        "HOCBA_SEAL_KEYS": environment.seal_keys(),
        "HOCBA_DESKS": DESKS,
        "HOCBA_REMOTE_PROVIDERS": environment.remote_providers(),
        "HOCBA_DEMO_PASSWORD": None if production else os.environ.get("HOCBA_DEMO_PASSWORD"),
        "HOCBA_TSA_URL": environment.timestamp_authorities(side),
        "HOCBA_OFFLINE_DAYS": environment.text("HOCBA_OFFLINE_DAYS", "3"),
        "HOCBA_REMOTE_SIGNING": environment.text(
            "HOCBA_REMOTE_SIGNING", REMOTE_SIGNING if environment.remote_providers() else ""
        ),
        "HOCBA_TRUST_LIST_SIGNERS": environment.text(
            "HOCBA_TRUST_LIST_SIGNERS", str(environment.state_directory() / "keys" / "trust-list-signers.pem")
        ),
        "HOCBA_REVOCATION_GRACE_HOURS": environment.whole_number(
            "HOCBA_REVOCATION_GRACE_HOURS", default=24, least=1, most=72
        ),
        "HOCBA_DEADLINES": certificate_calendar.parse(os.environ.get("HOCBA_DEADLINES", "")),
        # The city refreshes revocation, keeps evidence and renews it, for minutes each: stamps never wait for them.
        "HOCBA_JOB_SLOTS": environment.whole_number(
            "HOCBA_JOB_SLOTS", default=4 if side == "city" else 2, least=1, most=64
        ),
        "HOCBA_STAMP_MINUTES": environment.whole_number("HOCBA_STAMP_MINUTES", default=1),
        "HOCBA_STAMP_STOP_HOURS": environment.whole_number(
            "HOCBA_STAMP_STOP_HOURS", default=48, least=1, most=168
        ),
        "HOCBA_RENEWAL_MARGIN_DAYS": environment.whole_number("HOCBA_RENEWAL_MARGIN_DAYS", default=180),
        "HOCBA_EVIDENCE_DIGEST": environment.text("HOCBA_EVIDENCE_DIGEST", "sha512"),
        "HOCBA_VERIFY_URL": os.environ.get("HOCBA_VERIFY_URL"),
        "HOCBA_LOG_ORIGIN": environment.log_origin(side),
        "HOCBA_LOG_KEY": environment.text(
            "HOCBA_LOG_KEY_PATH", str(environment.state_directory() / "keys" / "log.pem")
        ),
        "DEBUG": False,
        "SECRET_KEY": environment.secret_key(side),
        "ALLOWED_HOSTS": [host, "127.0.0.1", "localhost", "testserver"] if not production else [host],
        "DATABASES": {"default": databases.settings_of(databases.url_of(side, as_owner=as_owner))},
        "INSTALLED_APPS": [
            "django.contrib.contenttypes",
            "django.contrib.auth",
            "django.contrib.sessions",
            "django.contrib.messages",
            "django.contrib.staticfiles",
            "allauth",
            "allauth.account",
            "django_htmx",
            "procrastinate.contrib.django",
            *PLATFORM_APPS,
            *apps,
        ],
        "MIDDLEWARE": [
            "django.middleware.security.SecurityMiddleware",
            "whitenoise.middleware.WhiteNoiseMiddleware",
            "hocba.platform.web.middleware.ContentSecurityPolicy",
            "hocba.platform.web.middleware.RefuseNul",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "django_htmx.middleware.HtmxMiddleware",
            "allauth.account.middleware.AccountMiddleware",
            "hocba.platform.accounts.middleware.ActorMiddleware",
        ],
        "ROOT_URLCONF": urls,
        "WSGI_APPLICATION": "hocba.sites.wsgi.application",
        "TEMPLATES": _templates(),
        "AUTH_USER_MODEL": "platform_accounts.User",
        "AUTHENTICATION_BACKENDS": ["hocba.platform.accounts.backend.Accounts"],
        "SESSION_ENGINE": "hocba.platform.accounts.sessions",
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
        "LANGUAGE_CODE": "vi",
        "LANGUAGES": [("vi", "Tiếng Việt"), ("en", "English")],
        "TIME_ZONE": "Asia/Ho_Chi_Minh",
        "USE_TZ": True,
        "STATIC_URL": "/static/",
        "STATIC_ROOT": environment.state_directory() / "static" / side,
        "WHITENOISE_USE_FINDERS": True,
        "WHITENOISE_MAX_AGE": 3600,
        "SESSION_COOKIE_NAME": f"hocba_{side}",
        "CSRF_COOKIE_NAME": f"hocba_{side}_csrf",
        "SESSION_COOKIE_SECURE": production,
        "CSRF_COOKIE_SECURE": production,
        "SECURE_HSTS_SECONDS": 31_536_000 if production else 0,
        "SECURE_SSL_REDIRECT": production,
        "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https") if production else None,
        "DATA_UPLOAD_MAX_MEMORY_SIZE": 8 * 1024 * 1024,
        "LOGIN_URL": "/dang-nhap",
        "LOGIN_REDIRECT_URL": "/",
        "LOGOUT_REDIRECT_URL": "/dang-nhap",
        "ACCOUNT_ADAPTER": "hocba.platform.accounts.adapter.StaffAdapter",
        "ACCOUNT_LOGIN_METHODS": {"username"},
        "ACCOUNT_SIGNUP_FIELDS": ["username*", "password1*"],
        "ACCOUNT_EMAIL_VERIFICATION": "none",
        "ACCOUNT_LOGOUT_ON_GET": False,
        # A whole school signs in from one address on the morning of a deadline; failures are what is counted.
        "ALLAUTH_TRUSTED_PROXY_COUNT": environment.trusted_proxies(),
        "ACCOUNT_RATE_LIMITS": {"login": "600/m/ip", "login_failed": "10/m/ip,5/5m/key"},
        "CACHES": {
            "default": {
                "BACKEND": "django.core.cache.backends.db.DatabaseCache",
                "LOCATION": "cache",
                # Counts of failed sign-ins live here. Past this number Django throws entries away, live ones too;
                # with its default of 300 a guesser with many addresses would have the counts forgotten.
                "OPTIONS": {"MAX_ENTRIES": 50_000},
            }
        },
        "LOGGING": _logging(),
    }
    return {**SECURITY, **values}


def _templates() -> list[dict[str, object]]:
    return [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                    "hocba.platform.web.context.site",
                ],
                "builtins": ["hocba.platform.web.templatetags.vietnamese"],
            },
        }
    ]


def _logging() -> dict[str, object]:
    """One line of JSON per event on stderr; request bodies and personal data never enter it."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": "hocba.platform.web.logs.JsonFormatter"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": os.environ.get("HOCBA_LOG_LEVEL", "WARNING")},
    }
