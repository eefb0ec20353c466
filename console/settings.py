"""Settings of the console. Everything that differs between installations comes from the environment.

SECRET_KEY        signs sessions; without it a key is made once and kept in `.run/`
DATABASE_URL      default: SQLite in `.run/`
REDIS_URL         default: redis://127.0.0.1:6379/0
ALLOWED_HOSTS     comma-separated host names, default: this machine only
CONSOLE_HTTPS     "1" when served over HTTPS: secure cookies, HSTS, redirect from HTTP
CSRF_TRUSTED_ORIGINS  comma-separated origins, needed behind a proxy that ends TLS
DEBUG             "1" for development only
LOG_LEVEL         default: INFO
OPERATOR_NAME     who runs Lotse, named on the public pages
TELEGRAM_BOT_USERNAME  the bot's name in Telegram, for links and QR codes; without it there are none
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import dj_database_url

from console.secret import kept_secret

BASE_DIR = Path(__file__).resolve().parent.parent
RUN_DIR = BASE_DIR / ".run"


def _listed(name: str, default: str = "") -> list[str]:
    return [item.strip() for item in os.environ.get(name, default).split(",") if item.strip()]


def _switched_on(name: str) -> bool:
    return os.environ.get(name, "").lower() in {"1", "true", "yes", "on"}


def _database() -> dict[str, Any]:
    url = os.environ.get("DATABASE_URL") or f"sqlite:///{RUN_DIR / 'lotse.sqlite3'}"
    config: dict[str, Any] = dict(dj_database_url.parse(url))
    if config["ENGINE"].endswith("sqlite3"):
        RUN_DIR.mkdir(exist_ok=True)
        config["OPTIONS"] = {
            # Seconds a writer waits for another; IMMEDIATE takes the lock at the start of a
            # transaction, where waiting still works, and not in its middle, where it does not.
            "timeout": 10,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=10000;",
        }
    return config


SECRET_KEY = os.environ.get("SECRET_KEY") or kept_secret(RUN_DIR / "secret_key")
DEBUG = _switched_on("DEBUG")
ALLOWED_HOSTS = _listed("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = _listed("CSRF_TRUSTED_ORIGINS")
HTTPS = _switched_on("CONSOLE_HTTPS")
OPERATOR_NAME = os.environ.get("OPERATOR_NAME") or "Lotse (Testbetrieb)"
TELEGRAM_BOT_USERNAME = os.environ.get("TELEGRAM_BOT_USERNAME", "").strip().removeprefix("@")
REDIS_URL = os.environ.get("REDIS_URL") or "redis://127.0.0.1:6379/0"

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.import_export",
    "unfold.contrib.simple_history",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "simple_history",
    "import_export",
    "services_directory",
    "console.preview",
    "console.outreach",
    "console.overview",
    "console.hsds",
    "console.pages",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "console.security.content_security_policy",
    "console.static.StaticFilesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "console.urls"
ASGI_APPLICATION = "console.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

LANGUAGE_CODE = "de"
LANGUAGES = [("de", "Deutsch"), ("uk", "Українська"), ("ru", "Русский")]
TIME_ZONE = "Europe/Berlin"
USE_TZ = True

STATIC_URL = "/static/"
# Served straight from the packages: a fresh clone needs no collectstatic before its first run.
WHITENOISE_USE_FINDERS = True

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {
        "stdout": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "line"}
    },
    "root": {"handlers": ["stdout"], "level": os.environ.get("LOG_LEVEL", "INFO")},
}

UNFOLD = {
    "SITE_TITLE": "Lotse",
    "SITE_HEADER": "Lotse",
    "SITE_SUBHEADER": "Angebote in Baden-Württemberg",
    "SIDEBAR": {"navigation": "console.navigation.sidebar"},
}
