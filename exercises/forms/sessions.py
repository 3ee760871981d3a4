"""The form behind every way of logging a session: one tap, typed, JSON, a correction."""

import uuid
from datetime import date, datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from exercises import access, days
from exercises.access import Viewer
from exercises.models import Activity, RoutineSlot, TherapySession
from exercises.models.choices import BodyArea, Source, Strand, Texture
from exercises.models.program import MOST_MINUTES
from exercises.queries import choices, sessions
from exercises.queries.log import program_on
from exercises.words import STRAND_WORDS

from .fields import ChosenRowsField, DayField, DeviceClockField, InstantField
from .widgets import QuickSelect

# Where a typed entry comes from, as a person would say it.
TYPED_SOURCES = [(Source.TYPED.value, _("my memory")), (Source.SHEET.value, _("a paper sheet"))]


def why_not_on(viewer: Viewer, day: date, recorded_on: date, source: str) -> str:
    """Why nothing can be logged for a day: it has not come yet, or is too old. Empty when it can."""
    if day > recorded_on:
        return gettext("That day has not come yet.")
    if day < choices.oldest_day(viewer, recorded_on, source):
        return gettext("That day is further back than can be added here. Your therapist can add it for you.")
    return ""


class SessionForm(forms.Form):
    """One session. ``received_at`` is when the server got it; it judges how far back the day may lie."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    strand = forms.ChoiceField(label=_("What did you do?"), choices=Strand.choices, widget=forms.RadioSelect)
    minutes = forms.IntegerField(
        label=_("Minutes"),
        required=False,
        min_value=1,
        max_value=MOST_MINUTES,
        help_text=_("Calm needs no minutes."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    day = DayField(label=_("Day"))
    activity: "forms.ModelChoiceField[Activity]" = forms.ModelChoiceField(
        None,
        label=_("Which one?"),
        required=False,
        empty_label=_("no need to say"),
        widget=QuickSelect,
    )
    items = ChosenRowsField(None, required=False)
    body_areas = forms.MultipleChoiceField(
        label=_("Where?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    slot: "forms.ModelChoiceField[RoutineSlot]" = forms.ModelChoiceField(None, required=False)
    texture = forms.ChoiceField(
        label=_("Texture"),
        required=False,
        choices=[("", _("no need to say")), *Texture.choices],
        widget=QuickSelect,
    )
    rough = forms.BooleanField(
        label=_("On a rough surface"),
        required=False,
        help_text=_("For exercises, on a rug or a bumpy mat. They count for Touch, too."),
    )
    started_at = InstantField(required=False)
    recorded_at = DeviceClockField(required=False)
    sent_at = DeviceClockField(required=False)
    source = forms.ChoiceField(label=_("Where does this come from?"), required=False, choices=Source.choices)

    def __init__(
        self,
        data: Any = None,
        *,
        viewer: Viewer,
        received_at: datetime,
        kept: TherapySession | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.viewer, self.received_at, self.kept = viewer, received_at, kept
        patient = viewer.patient
        rows = {
            "activity": choices.activities(viewer, kept),
            "items": choices.items(patient),
            "slot": choices.slots(patient),
        }
        for name in rows.keys() & self.fields.keys():
            self.fields[name].queryset = rows[name]  # type: ignore[attr-defined]
        areas = dict(BodyArea.choices)
        self.fields["body_areas"].choices = [  # type: ignore[attr-defined]
            (area, areas[area]) for area in choices.body_areas(patient, kept)
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        self._check_minutes(cleaned)
        self._check_strand(cleaned)
        cleaned["source"] = cleaned.get("source") or Source.TYPED
        cleaned["recorded"] = self._judge_day(cleaned)
        return cleaned

    def _check_minutes(self, cleaned: dict[str, Any]) -> None:
        needs_minutes = cleaned.get("strand") not in (None, Strand.STRESS)
        if needs_minutes and cleaned.get("minutes") is None and "minutes" not in self.errors:
            self.add_error("minutes", _("How many minutes was it?"))

    def _check_strand(self, cleaned: dict[str, Any]) -> None:
        strand, activity = cleaned.get("strand"), cleaned.get("activity")
        if strand and activity and activity.strand != strand:
            self.add_error("activity", _("Choose one that belongs to this part of the program."))
        if strand and any(item.activity.strand != strand for item in cleaned.get("items") or ()):
            self.add_error("items", _("Choose exercises that belong to this part of the program."))
        if strand and strand != Strand.EXERCISES and cleaned.get("rough"):
            self.add_error("rough", _("Only exercises are done on a rough surface."))

    def _judge_day(self, cleaned: dict[str, Any]) -> days.Recorded:
        """Refuses a day ahead and a day too old, unless a queued entry's clock is the reason."""
        queued_at = cleaned.get("recorded_at")
        recorded = days.recorded(self.received_at, queued_at, cleaned.get("sent_at"))
        day = cleaned.get("day")
        if day is None:
            return recorded
        recorded_on = self.viewer.patient.day_of(recorded.at)
        if queued_at and day > recorded_on:
            return days.Recorded(recorded.at, doubt=True)
        reason = why_not_on(self.viewer, day, recorded_on, cleaned["source"])
        if reason and not recorded.doubt:
            self.add_error("day", reason)
        return recorded

    def show_errors_of(self, judged: "SessionForm") -> None:
        """Takes over the reasons of the form that judged; those of fields not on the page stand on top."""
        self.errors.clear()
        for name, texts in judged.errors.as_data().items():
            self.add_error(name if name in self.fields else None, texts)

    def typed_id(self) -> str | None:
        """The id as it came, when it is one; for answers that refuse the rest."""
        try:
            return str(uuid.UUID(self.data.get("id", "")))
        except ValueError:
            return None


class SessionPageForm(SessionForm):
    """The same form as a page of its own, without what only devices send."""

    source = forms.ChoiceField(
        label=_("Where does this come from?"),
        required=False,
        choices=TYPED_SOURCES,
        widget=forms.RadioSelect,
        initial=Source.TYPED,
    )
    items = ChosenRowsField(
        None,
        label=_("Which exercises of your list?"),
        required=False,
        help_text=_("The program counts these one by one."),
        widget=forms.CheckboxSelectMultiple,
    )
    # How Django spells "without these".
    slot = texture = started_at = recorded_at = sent_at = None  # type: ignore[assignment]

    def __init__(self, *args: Any, shown: TherapySession | None = None, **kwargs: Any) -> None:
        """``shown`` is the session that is corrected."""
        super().__init__(*args, **kwargs)
        patient = self.viewer.patient
        if not patient.body_areas:
            del self.fields["body_areas"]
        program = shown.daily_log.program if shown else program_on(patient, patient.today())
        if "rough" in self.fields and not (program and program.desensitization):
            del self.fields["rough"]
        self._offer_items(choices.listed(program, shown))
        self._group_activities()

    def _offer_items(self, listed: dict[int, str]) -> None:
        if not listed:
            del self.fields["items"]
            return
        self.fields["items"].choices = listed.items()  # type: ignore[attr-defined]

    def _group_activities(self) -> None:
        """One query, grouped by part of the program."""
        groups: dict[str, list[tuple[int, str]]] = {}
        offered = self.fields["activity"].queryset.filter(offered=True)  # type: ignore[attr-defined]
        for pk, strand, name in offered.values_list("pk", "strand", "name"):
            groups.setdefault(str(STRAND_WORDS[strand]), []).append((pk, name))
        self.fields["activity"].choices = [  # type: ignore[attr-defined]
            ("", self.fields["activity"].empty_label),  # type: ignore[attr-defined]
            *groups.items(),
        ]


class ResentForm(SessionForm):
    """A submission whose id is already kept. Only its content is compared, nothing of it can be written: so
    the window, which was judged when it first came, is not judged again."""

    def _judge_day(self, cleaned: dict[str, Any]) -> days.Recorded:
        return days.Recorded(self.received_at)


class CorrectionForm(SessionForm):
    """A correction: what is left out stays as it was. The part of the program cannot change, nor can when
    and how the entry came, nor whether exercises were done on a rough surface."""

    version = forms.IntegerField(min_value=1)

    def __init__(
        self, posted: QueryDict, *, session: TherapySession, viewer: Viewer, received_at: datetime
    ) -> None:
        self.session = session
        data = merged(session, posted, unseen=_unseen(session, viewer))
        super().__init__(data, viewer=viewer, received_at=received_at, kept=session)
        self.fields["strand"].choices = [(session.strand, session.strand)]  # type: ignore[attr-defined]
        for name in ("id", "source", "recorded_at", "sent_at", "rough"):
            del self.fields[name]

    def _judge_day(self, cleaned: dict[str, Any]) -> days.Recorded:
        """Leaving the day as it is, is always allowed; moving it is judged like a typed entry."""
        if cleaned.get("day") == self.session.daily_log.day:
            return days.Recorded(self.received_at)
        return super()._judge_day(cleaned)

    def typed_id(self) -> str:
        return str(self.session.client_id)


class CorrectionPageForm(SessionPageForm):
    """What a correction shows; ``CorrectionForm`` judges it."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    rough = None  # type: ignore[assignment]

    def __init__(self, *args: Any, shown: TherapySession, **kwargs: Any) -> None:
        super().__init__(*args, shown=shown, **kwargs)
        for name in ("id", "source"):
            del self.fields[name]
        if shown.strand != Strand.EXERCISES:
            self.fields.pop("items", None)
        self.fields["strand"].widget = forms.HiddenInput()


def _unseen(session: TherapySession, viewer: Viewer) -> tuple[str, ...]:
    """What the viewer's page does not show of a session; so an empty field there says nothing."""
    shown = session.strand != Strand.STRESS or viewer.may(access.SEE_TECHNIQUES)
    return () if shown else ("activity", "items")


def merged(session: TherapySession, posted: QueryDict, unseen: tuple[str, ...] = ()) -> QueryDict:
    """The session's present values with the posted ones laid over them. An empty value among several only
    says that the field was on the page; of ``unseen`` fields an empty value changes nothing."""
    data = QueryDict(mutable=True)
    for name, value in sessions.as_posted(session).items():
        data.setlist(name, value)
    for name in posted:
        values = posted.getlist(name)
        if name in unseen and not any(values):
            continue
        data.setlist(
            name, [value for value in values if value] if name in ("items", "body_areas") else values
        )
    return data
