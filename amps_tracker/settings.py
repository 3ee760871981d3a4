"""The one settings file; everything that differs between installations comes from the environment.

Three modes: production (the default), DEMO=1 (what ``make run`` uses) and DEBUG=1.
"""

from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from amps_tracker import storage

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
env.read_env(BASE_DIR / ".env")

DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)
PRODUCTION = not (DEBUG or DEMO)

SECRET_KEY = env.str("SECRET_KEY", default="only-for-development" if DEBUG else "")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else ["127.0.0.1", "localhost", "[::1]"])
if not SECRET_KEY:
    raise ImproperlyConfigured("Set SECRET_KEY to a long random text (or DEMO=1 to try the app).")
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured("Set ALLOWED_HOSTS to the host names this installation answers to.")
# What the secrets of code apps are encrypted with, newest first: an older key after a comma still opens.
FIELD_KEY = env.list("FIELD_KEY", default=[] if PRODUCTION else [SECRET_KEY])
if not FIELD_KEY:
    raise ImproperlyConfigured("Set FIELD_KEY to a long random text, another one than SECRET_KEY.")

# How many proxies stand in front; with none, X-Forwarded-* headers are ignored.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
CRISIS_LINE = env.str("CRISIS_LINE", default="988")
# The number that families call to talk with the care team; without one they read "your clinic’s number".
CARE_PHONE = env.str("CARE_PHONE", default="555 0100" if DEMO else "")
# Who may make an account: parents and teens of SELF_SIGNUP_AGE ("open"), or those with a code ("invite").
SIGNUP = env.str("SIGNUP", default="invite" if PRODUCTION else "open")
SELF_SIGNUP_AGE = env.int("SELF_SIGNUP_AGE", default=13)
# When this installation's clinicians look here: "visits", "daily" or a weekday ("monday").
WE_LOOK = env.str("WE_LOOK", default="visits")
# What links in mails begin with; without it a mail has no link.
_site = ALLOWED_HOSTS[0] if PRODUCTION and ALLOWED_HOSTS[0][0] not in "*." else ""
SITE_URL = env.str("SITE_URL", default=f"https://{_site}" if _site else "").rstrip("/")
# How long the clinic keeps its records, in the clinic's own words; shown where a record can be erased.
RECORD_RETENTION = env.str("RECORD_RETENTION", default="")
# For how many years it is kept who looked at a record.
ACCESS_RECORD_YEARS = env.int("ACCESS_RECORD_YEARS", default=6)
# Whom to ask about privacy here: a name, an address, a phone number.
PRIVACY_CONTACT = env.str("PRIVACY_CONTACT", default="")
# 0 is Monday, 6 is Sunday.
WEEK_STARTS_ON = env.int("WEEK_STARTS_ON", default=0)
MOST_BODY_BYTES = 256 * 1024

INSTALLED_APPS = [
    "exercises",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "crispy_forms",
    "crispy_bootstrap5",
    "heroicons",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "exercises.middleware.headers",
    "exercises.traces.note_refusals",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "exercises.middleware.refuse_unfit_bodies",
    "exercises.middleware.explain_wrong_method",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "exercises.gates.SignInLimits",
    "exercises.middleware.SignInRequiredMiddleware",
    "exercises.gates.SecondFactorRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "exercises.traces.note_looks",
]

ROOT_URLCONF = "amps_tracker.urls"
WSGI_APPLICATION = "amps_tracker.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "exercises.context.page",
            ],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'db.sqlite3'}")}
DATABASES["default"] |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
_data_folder = BASE_DIR
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    STORAGE_MODE = storage.choose()
    DATABASES["default"].setdefault("OPTIONS", {}).update(storage.options(STORAGE_MODE))
    _data_folder = (BASE_DIR / DATABASES["default"]["NAME"]).parent
else:
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
# Which records were erased, so that a restored backup forgets them again. No backup may take it back in time.
TOMBSTONES = Path(env.str("TOMBSTONES", default=str(_data_folder / "tombstones.txt")))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Rate limits must hold over all workers, so the shared cache lives in the database. A full cache throws a
# third of its entries away, counts too: the usual 300 would be few.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

AUTH_USER_MODEL = "exercises.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},
    },
    {"NAME": "exercises.passwords.AtMost", "OPTIONS": {"max_length": 128}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "exercises.passwords.NotTheFirstGuess"},
]
PASSWORD_RESET_TIMEOUT = 3600
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"

# --- mail ---
# Without it nobody is asked for an address, and whoever forgot a password asks the care team.
MAIL = not PRODUCTION or bool(env.str("EMAIL_URL", default=""))
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
# A mail server that does not answer keeps nobody waiting for long.
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="amps-tracker@localhost")

# --- allauth ---
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
ACCOUNT_ADAPTER = "exercises.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "exercises.forms.accounts.SignInForm",
    "signup": "exercises.forms.sign_up.SignUpForm",
    "reauthenticate": "exercises.forms.accounts.PasswordAgainForm",
    "change_password": "exercises.forms.accounts.ChangePasswordForm",
    "set_password": "exercises.forms.accounts.FirstPasswordForm",
    "reset_password": "exercises.forms.accounts.ForgottenPasswordForm",
    "reset_password_from_key": "exercises.forms.accounts.NewPasswordForm",
    "add_email": "exercises.forms.accounts.EmailForm",
}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
# One password box, which shows what is typed: typing it twice would find no more mistakes.
ACCOUNT_SIGNUP_FIELDS = ["username*", *(["email"] if MAIL else []), "password1*"]
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "AMPS Tracker: "
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_RATE_LIMITS = {
    # The key is a login from one address (exercises.adapter): five wrong tries there, and nobody elsewhere is
    # locked out. Wrong tries only, and in this order: a login that is refused already costs its address
    # nothing more. An address may be a whole clinic, so its own limit is one that people do not reach by
    # mistake, and that gets nowhere with passwords of 15 characters.
    "login_failed": "5/5m/key,60/5m/ip",
    "login": "120/m/ip",
    "signup": "60/h/ip",
    "reset_password": "5/h/key,30/h/ip",
    "reset_password_from_key": "20/m/ip",
}
MFA_ADAPTER = "exercises.adapter.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "exercises.forms.accounts.CodeForm",
    "reauthenticate": "exercises.forms.accounts.CodeAgainForm",
    "activate_totp": "exercises.forms.accounts.FirstCodeForm",
    "login_webauthn": "exercises.forms.accounts.PasskeyDoorForm",
    "authenticate_webauthn": "exercises.forms.accounts.PasskeyStepForm",
    "reauthenticate_webauthn": "exercises.forms.accounts.PasskeyAgainForm",
    "add_webauthn": "exercises.forms.accounts.PasskeyForm",
    "edit_webauthn": "exercises.forms.accounts.PasskeyNameForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# A passkey cannot be guessed: the limit only keeps a flood away, and a clinic is one address.
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}
MFA_TOTP_ISSUER = "AMPS Tracker"
# An address belongs to whoever confirmed it first, so an unconfirmed one can lock nobody out.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
# With one language every look-up would only give back what it was asked with.
USE_I18N = len(LANGUAGES) > 1
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# --- headers and cookies ---
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
AGE_COOKIE_NAME = "age"
SESSION_COOKIE_HTTPONLY = True
# As long as the longest sign-in; exercises.gates ends most of them earlier.
SESSION_COOKIE_AGE = 180 * 24 * 3600
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
# Messages name people: they stay with the session, on the server, and need no cookie of their own.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_FAILURE_VIEW = "exercises.views.errors.csrf_failure"
if PRODUCTION:
    # The __Host- prefix makes a browser refuse the cookie from another host, path or without TLS.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    AGE_COOKIE_NAME = "__Host-age"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = env.bool("SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=365 * 24 * 3600)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    if TRUSTED_PROXIES:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "utc": {"()": "exercises.security.UTCFormatter", "format": "%(asctime)s %(name)s %(message)s"}
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler"},
        "security": {"class": "logging.StreamHandler", "formatter": "utc"},
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "amps.security": {"handlers": ["security"], "level": "INFO", "propagate": False},
        # Refusals are security events, told without the address: that can hold a code somebody guessed at.
        "django.request": {"level": "ERROR"},
        "django.security.csrf": {"level": "ERROR"},
    },
}
