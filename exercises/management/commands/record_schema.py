import json
from typing import Any

from django.core.management.base import BaseCommand

from exercises.exports.schema import schema


class Command(BaseCommand):
    help = "Prints the JSON Schema of a copy of a record: what docs/record.schema.json holds."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(json.dumps(schema(), indent=1))
