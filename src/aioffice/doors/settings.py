"""Django's settings, all of them worked out from `aioffice.kernel.settings`."""

from __future__ import annotations

import secrets as random
from pathlib import Path
from typing import Any

from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from aioffice.doors import counting, logs
from aioffice.kernel import secrets
from aioffice.kernel.db import addresses
from aioffice.kernel.settings import settings

office = settings()
# before anything that counts is imported
counting.begin(office)
PACKAGE = Path(__file__).resolve().parents[1]

DEBUG = office.debug
# Before the first start there is no key; nothing signed with the passing one outlives the process.
SECRET_KEY = (
    office.secret_key.get_secret_value()
    if office.secret_key
    else secrets.read(office.data_dir).get("secret_key") or random.token_urlsafe(48)
)
ALLOWED_HOSTS = list(office.allowed_hosts)
CSRF_TRUSTED_ORIGINS = [office.base_url]
ROOT_URLCONF = "aioffice.doors.urls"
WSGI_APPLICATION = "aioffice.doors.wsgi.application"
APPEND_SLASH = False

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "aioffice.kernel.parties",
    "aioffice.kernel.reading",
    "aioffice.kernel.procedures",
    "aioffice.kernel.documents",
    "aioffice.kernel.notices",
    "aioffice.kernel.webhooks",
    "aioffice.kernel.clocks",
    "aioffice.kernel.ledger",
    "aioffice.kernel.watching",
    "aioffice.kernel.law_text",
    "aioffice.kernel.retention",
    "aioffice.register",
    "aioffice.desks.admission",
    "aioffice.doors.web",
]

MIDDLEWARE = [
    "aioffice.doors.measuring.measured",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "aioffice.doors.middleware.within_measure",
    "aioffice.doors.middleware.announcements",
    "aioffice.doors.middleware.office_plumbing",
    "aioffice.doors.middleware.session",
    "aioffice.doors.middleware.language_of_path",
    "aioffice.doors.middleware.without_nul",
    "django.middleware.common.CommonMiddleware",
    "aioffice.doors.middleware.csrf",
    "aioffice.doors.middleware.authentication",
    "aioffice.doors.middleware.messages",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    # Asks nothing of session or database before a page of its own is reached; allauth wants to see it under its own name.
    "allauth.account.middleware.AccountMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Before those of the applications: the account pages of allauth are drawn by our own templates.
        "DIRS": [PACKAGE / "doors" / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# Database: three roles, one database (see docs and aioffice.kernel.db).
DATABASES: dict[str, Any] = {
    alias: found
    for alias, who in {"default": "office", "owner": "owner", "site": "site"}.items()
    if (found := addresses.django(who, office)) is not None
}
DATABASE_ROUTERS = ["aioffice.kernel.db.router.OwnerMigrates"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# In the database, so that all processes count attempts to sign in together, and know a one-time code that another has taken.
CACHES: dict[str, Any] = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "sign_in_cache",
        # When there are more, what has ended goes first.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# Jobs live in `jobs.py` of every room.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

# People and sign-in
AUTH_USER_MODEL = "parties.Person"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
SESSION_COOKIE_NAME = "aioffice_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "aioffice_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "office_today"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
CSRF_FAILURE_VIEW = "aioffice.doors.web.office.interrupted.csrf_failure"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_SIGNUP_FORM_CLASS = "aioffice.doors.web.account_forms.NamedSignup"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_SESSION_REMEMBER = False
ALLAUTH_TRUSTED_PROXY_COUNT = office.proxies
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "AI Office"
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": office.oidc_id,
                "name": office.oidc_name,
                "client_id": office.oidc_client_id,
                "secret": office.oidc_client_secret.get_secret_value(),
                "settings": {"server_url": office.oidc_server_url},
            }
        ]
        if office.oidc_server_url
        else [],
    }
}

# Over plain HTTP (the demo on localhost) browsers would drop secure cookies; behind TLS everything is strict.
BEHIND_TLS = office.base_url.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SECURE_HSTS_SECONDS = 31536000 if BEHIND_TLS else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not BEHIND_TLS
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "manifest-src": [CSP.SELF],
}

# Languages: the path says which; translations of the whole package lie in one catalogue per language.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French"))]
LOCALE_PATHS = [PACKAGE / "doors" / "web" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Brussels"

# Files
STATIC_URL = "/static/"
STATIC_ROOT = office.data_dir / "static"
STATICFILES_DIRS = [("vendor", office.vendor_dir)]
MEDIA_ROOT = office.data_dir / "documents"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage."
        + ("ManifestStaticFilesStorage" if office.hashed_static else "StaticFilesStorage")
    },
}
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "aioffice.doors.uploading.SealedUploadHandler",
]
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700

# Mail
MAILERS: dict[str, Any] = {
    "default": {
        "BACKEND": office.email_backend,
        "OPTIONS": {
            "host": office.email_host,
            "port": office.email_port,
            "username": office.email_user,
            "password": office.email_password.get_secret_value(),
            "use_tls": office.email_tls,
            "timeout": office.email_timeout_seconds,
        }
        if office.email_backend.endswith("smtp.EmailBackend")
        else {},
    }
}
DEFAULT_FROM_EMAIL = SERVER_EMAIL = office.email_from

LOGGING = logs.configuration(office)
