"""What a form sends twice (a double tap, Back and send) is kept once."""

from typing import TypeVar
from uuid import UUID, uuid4, uuid5

from django.db import IntegrityError, transaction

from exercises.models import Cheer, DayOff, FunctionGoal, FunctionMeasure, GoalStep, Note, Question

Row = TypeVar("Row", Note, Question, DayOff, Cheer, FunctionGoal, FunctionMeasure, GoalStep)


def keep_once(row: Row, form_id: UUID | None, *content: object) -> Row:
    """Saves a new row, or gives the one that the same form kept before with the same ``content``.

    Other content from the same form is a row of its own: nothing that somebody typed is dropped. The
    database's constraint decides, nothing looks first.
    """
    row.client_id = uuid5(form_id, repr(content)) if form_id else uuid4()
    row.full_clean(validate_unique=False, validate_constraints=False)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        # Asked for again: anything but the taken id is a defect, and then this raises.
        return type(row)._default_manager.get(patient=row.patient, client_id=row.client_id)
    return row
