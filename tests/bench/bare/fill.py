"""One user, signed in; prints the session's key."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.bare.settings")
django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402

from tests.bench.signing import signed_in  # noqa: E402

call_command("migrate", verbosity=0)
print(signed_in(User.objects.create_user("somebody", first_name="Some")))
