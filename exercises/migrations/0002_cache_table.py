from django.core.management import call_command
from django.db import migrations


def create(apps, schema_editor):
    """The shared cache (rate limits over all workers) lives in the database; safe where it exists."""
    call_command("createcachetable", "cache", database=schema_editor.connection.alias, verbosity=0)


def drop(apps, schema_editor):
    schema_editor.execute("DROP TABLE IF EXISTS cache")


class Migration(migrations.Migration):
    dependencies = [("exercises", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
