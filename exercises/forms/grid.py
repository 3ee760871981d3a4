"""Several sessions of several days: a box for each line of the log on each day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from crispy_forms.bootstrap import InlineRadios
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from exercises.access import Viewer
from exercises.models import TherapySession
from exercises.models.choices import Source
from exercises.models.program import MOST_MINUTES
from exercises.queries.grid import Cell, GridDay, GridWeek, Line
from exercises.queries.sessions import parse_uuid

from .sessions import why_not_on

SOURCES = [(Source.GRID.value, _("from memory")), (Source.SHEET.value, _("from a paper sheet"))]
# One digit: minutes that slip into this line are told apart from moments.
MOST_MOMENTS = 9
BOX = {"class": "form-control", "inputmode": "numeric", "autocomplete": "off"}


@dataclass(frozen=True, slots=True)
class Typed:
    """One session that somebody typed. Of a stress moment there are no minutes."""

    client_id: UUID
    cell: Cell
    minutes: int | None


@dataclass(frozen=True, slots=True)
class Box:
    """A cell as it is drawn: a field, or what this page has saved (minutes or moments), or neither."""

    line: Line
    field: BoundField | None = None
    saved: int = 0


@dataclass(frozen=True, slots=True)
class Column:
    day: GridDay
    boxes: tuple[Box, ...]


class CellField(forms.IntegerField):
    """A whole number, or nothing. A text box: a number box drops what it cannot read before it is sent."""

    def __init__(self, line: Line) -> None:
        most = MOST_MINUTES if line.in_minutes else MOST_MOMENTS
        wrong = gettext("A whole number from 1 to %(most)d, or leave it empty.") % {"most": most}
        super().__init__(
            required=False,
            min_value=1,
            max_value=most,
            widget=forms.TextInput(attrs=BOX),
            error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), wrong),
        )

    def to_python(self, value: Any) -> int | None:
        return super().to_python(str(value or "").strip())


class GridForm(forms.Form):
    """``page`` is new with each page that is opened: with it, what is sent twice is kept once."""

    source = forms.ChoiceField(
        label=_("Where does it come from?"), choices=SOURCES, required=False, widget=forms.RadioSelect
    )

    def __init__(self, data: Any = None, *, viewer: Viewer, week: GridWeek, received_at: datetime) -> None:
        usual = Source.SHEET if viewer.patient.paper else Source.GRID
        super().__init__(data, initial={"source": usual})
        self.viewer, self.week = viewer, week
        self.recorded_on = viewer.patient.day_of(received_at)
        self.page = parse_uuid(self.data.get("id", "")) or uuid4()
        self.cells = {
            cell.name: cell for day, cell in week.cells() if day.open or self.data.get(cell.name, "").strip()
        }
        for name, cell in self.cells.items():
            self.fields[name] = CellField(cell.line)

    def clean_source(self) -> str:
        return self.cleaned_data["source"] or Source.GRID.value

    def clean(self) -> dict[str, Any]:
        source = self.cleaned_data.get("source", Source.GRID)
        for name, cell in self.cells.items():
            reason = why_not_on(self.viewer, cell.day, self.recorded_on, source)
            if reason and name not in self.errors:
                self.add_error(name, reason)
        if not self.errors and not any(map(self.cleaned_data.get, self.cells)):
            self.add_error(None, _("Nothing to save yet. Type a number in one of the boxes."))
        return self.cleaned_data

    def typed(self) -> Iterator[Typed]:
        """Every session of the good cells; none when it is not said where they come from."""
        if "source" not in self.cleaned_data:
            return
        for name, cell in self.cells.items():
            number = self.cleaned_data.get(name) or 0
            if not cell.line.in_minutes:
                for nth in range(1, number + 1):
                    yield Typed(cell.client_id(self.page, nth), cell, None)
            elif number:
                yield Typed(cell.client_id(self.page), cell, number)

    def refuse(self, cell: Cell, kept: TherapySession) -> None:
        """This page had saved something in a cell before: it has other minutes, or was removed since."""
        if kept.voided_at is not None:
            reason = gettext("This was saved and then removed. To log it again, open this page again.")
        else:
            reason = gettext("%(minutes)d min were saved here before. To change that, open the day.")
            reason %= {"minutes": kept.minutes or 0}
        if cell.name not in self.errors:
            self.add_error(cell.name, reason)

    def wrong(self) -> int:
        """How many cells need a look."""
        return sum(name in self.errors for name in self.cells)

    def columns(self) -> list[Column]:
        """The days as they are drawn; the first cell that needs a look takes the focus."""
        first = next((name for name in self.cells if name in self.errors), None)
        if first:
            self.fields[first].widget.attrs["autofocus"] = True
        return [Column(day, self._boxes(day)) for day in self.week.days]

    def _boxes(self, day: GridDay) -> tuple[Box, ...]:
        cells = [Cell(day.day, line) for line in self.week.lines]
        if not any(cell.name in self.cells for cell in cells):
            return ()
        return tuple(self._box(cell) for cell in cells)

    def _box(self, cell: Cell) -> Box:
        if cell.name in self.errors:
            return Box(cell.line, self[cell.name])
        saved = self._saved(cell)
        field = self[cell.name] if cell.name in self.cells and not saved else None
        return Box(cell.line, field, saved)

    def _saved(self, cell: Cell) -> int:
        logged = self.week.logged
        if cell.line.in_minutes:
            return logged.get(cell.client_id(self.page)) or 0
        return sum(cell.client_id(self.page, nth) in logged for nth in range(1, MOST_MOMENTS + 1))

    @property
    def helper(self) -> FormHelper:
        """The question about the source; the template draws the boxes."""
        helper = FormHelper(self)
        helper.form_tag = False
        helper.layout = Layout(InlineRadios("source"))
        return helper
