"""Numbers that were reached, in words. What comes next is nowhere: a milestone is a surprise."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from exercises import access
from exercises.access import Viewer
from exercises.models import Milestone
from exercises.models.choices import MilestoneKind

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# They count private goals, too.
OF_GOALS = (MilestoneKind.STEPS, MilestoneKind.GOALS)


def milestones(viewer: Viewer, first: date, last: date, *, hidden: date | None = None) -> tuple[str, ...]:
    """Those of these days, a sentence each. One query, or none for who wants a plain look."""
    if viewer.is_plain:
        return ()
    found = Milestone.objects.filter(patient=viewer.patient, day__range=(first, last)).order_by("day", "pk")
    if not viewer.may(access.SEE_PRIVATE_GOALS):
        found = found.exclude(kind__in=OF_GOALS)
    rows = found.values_list("day", "kind", "number")
    return tuple(words(kind, number) for day, kind, number in rows if day != hidden)


def words(kind: str, number: int) -> str:
    """ "Cardio on 25 days so far." """
    return str(FIRST[kind]) if number == 1 else str(MANY[kind] % {"n": number})


FIRST: "dict[str, StrOrPromise]" = {
    MilestoneKind.CARDIO: _("The first cardio here."),
    MilestoneKind.EXERCISES: _("The first exercises here."),
    MilestoneKind.DESENSITIZATION: _("The first desensitization here."),
    MilestoneKind.STRESS: _("The first stress management here."),
    MilestoneKind.SCHOOL: _("The first whole day of school here."),
    MilestoneKind.STEPS: _("The first step toward a goal."),
    MilestoneKind.GOALS: _("The first goal reached."),
}
MANY: dict[str, Any] = {
    MilestoneKind.CARDIO: ngettext_lazy("Cardio on %(n)d day so far.", "Cardio on %(n)d days so far.", "n"),
    MilestoneKind.EXERCISES: ngettext_lazy(
        "Exercises on %(n)d day so far.", "Exercises on %(n)d days so far.", "n"
    ),
    MilestoneKind.DESENSITIZATION: ngettext_lazy(
        "Desensitization on %(n)d day so far.", "Desensitization on %(n)d days so far.", "n"
    ),
    MilestoneKind.STRESS: ngettext_lazy(
        "Stress management on %(n)d day so far.", "Stress management on %(n)d days so far.", "n"
    ),
    MilestoneKind.SCHOOL: ngettext_lazy(
        "%(n)d whole day of school so far.", "%(n)d whole days of school so far.", "n"
    ),
    MilestoneKind.STEPS: ngettext_lazy(
        "%(n)d step toward goals so far.", "%(n)d steps toward goals so far.", "n"
    ),
    MilestoneKind.GOALS: ngettext_lazy("%(n)d goal reached so far.", "%(n)d goals reached so far.", "n"),
}
