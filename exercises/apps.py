from django.apps import AppConfig
from django.db.models.signals import pre_migrate


class ExercisesConfig(AppConfig):
    name = "exercises"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import checks  # importing it registers the system checks

        pre_migrate.connect(checks.set_journal_mode, sender=self)
