import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amps_tracker.settings")
application = get_wsgi_application()

from exercises.checks import refuse_half_configured  # noqa: E402  needs the apps loaded above

refuse_half_configured()
