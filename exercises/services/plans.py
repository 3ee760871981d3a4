"""Plans that a therapist keeps under a name, of nobody."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from exercises.models import ProgramTemplate, User
from exercises.queries.plans import kept
from exercises.queries.program import Plan

MOST_TEMPLATES = 100


@transaction.atomic
def keep_template(*, user: User, name: str, plan: Plan) -> ProgramTemplate:
    """Raises ``ValidationError`` where the name is taken."""
    User.objects.select_for_update().get(pk=user.pk)
    if user.program_templates.count() >= MOST_TEMPLATES:
        raise ValidationError(_("You keep as many templates as fit. Delete one first."))
    template = ProgramTemplate(owner=user, name=name, plan=kept(plan))
    template.full_clean()
    template.save(force_insert=True)
    return template


@transaction.atomic
def rename_template(*, user: User, pk: int, name: str) -> ProgramTemplate:
    """Raises ``ProgramTemplate.DoesNotExist``, and ``ValidationError`` where the name is taken."""
    template = ProgramTemplate.objects.select_for_update().get(owner=user, pk=pk)
    template.name = name
    template.full_clean()
    template.save(update_fields=["name"])
    return template


def delete_template(*, user: User, pk: int) -> None:
    """Again changes nothing: the template is gone either way."""
    ProgramTemplate.objects.filter(owner=user, pk=pk).delete()
