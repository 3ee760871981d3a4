"""Minutes of exercises get a column of their own: the old one counts what the program counts."""

from django.db import migrations
from django.db.models import F


def copy_minutes(apps, schema_editor):
    apps.get_model("exercises", "DailyLog").objects.update(exercise_minutes=F("exercises"))


def back_to_minutes(apps, schema_editor):
    """What the older version has no word for becomes the nearest thing it knows; nobody's work changes."""
    programs = apps.get_model("exercises", "Program").objects
    programs.filter(kind="keeping_up").update(kind="paused")
    programs.filter(exercises_by="list").update(exercises=None)
    programs.filter(desensitization__gt=20).update(desensitization=20)
    programs.exclude(harder_rule="pieces").update(harder_rule="pieces")
    apps.get_model("exercises", "DailyLog").objects.update(exercises=F("exercise_minutes"))


class Migration(migrations.Migration):
    dependencies = [("exercises", "0004_program_and_doing")]

    operations = [migrations.RunPython(copy_minutes, back_to_minutes)]
