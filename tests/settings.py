"""Production's settings with what tests need instead: plain http, plain static files, a quick hasher."""

import os
import tempfile
from pathlib import Path

os.environ.update(
    SECRET_KEY="only-for-tests",
    FIELD_KEY="only-for-tests too",
    ALLOWED_HOSTS="testserver,localhost,127.0.0.1",
    EMAIL_URL="memorymail://",
    DEMO="0",
    DEBUG="0",
)

from amps_tracker.settings import *  # noqa: F403
from amps_tracker.settings import DATABASES, STORAGES

SECURE_SSL_REDIRECT = False
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME, AGE_COOKIE_NAME = "sessionid", "csrftoken", "age"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
WHITENOISE_AUTOREFRESH = True
DATABASES["default"]["CONN_MAX_AGE"] = 0
# On, as with a second language, so that what is cached by language is tested.
USE_I18N = True
TOMBSTONES = Path(tempfile.gettempdir()) / f"amps-tombstones-{os.getpid()}.txt"
