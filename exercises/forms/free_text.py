"""The one field for free text: each box says who reads it, when, and whom to call in danger.

``tests/test_free_text.py`` refuses any other free-text input, in forms and in templates.
"""

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.functional import lazy
from django.utils.safestring import SafeString

from exercises.words import we_look

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MOST_LETTERS = 2000


def _notice(readers: "StrOrPromise", parents_may_ask: bool) -> SafeString:
    context = {
        "readers": readers,
        "parents_may_ask": parents_may_ask,
        "crisis_line": settings.CRISIS_LINE,
        "we_look": we_look(),
    }
    return render_to_string("shared/note_privacy.html", context)


class FreeTextField(forms.CharField):
    """Words of somebody's own.

    ``readers`` is a sentence: "You and your therapists can read this." ``parents_may_ask`` is for a box that
    parents do not see here. Where many boxes stand in a row, print ``field.notice`` once in an element with
    an id and give that id as ``notice_id``: each box then points to it.
    """

    widget: Any = forms.Textarea(attrs={"rows": 4})

    def __init__(
        self,
        *,
        readers: "StrOrPromise",
        parents_may_ask: bool = False,
        notice_id: str = "",
        max_length: int = MOST_LETTERS,
        **options: Any,
    ) -> None:
        super().__init__(max_length=max_length, **options)
        self.notice_id = notice_id
        self.tell(readers, parents_may_ask=parents_may_ask)

    def tell(self, readers: "StrOrPromise", *, parents_may_ask: bool = False) -> None:
        """Says who reads this box. A form calls it again when that depends on the viewer."""
        self.notice = lazy(_notice, SafeString)(readers, parents_may_ask)
        if self.notice_id:
            self.widget.attrs["aria-describedby"] = self.notice_id
        else:
            self.help_text = self.notice

    def to_python(self, value: Any) -> str | None:
        """Browsers count a line break as one letter and send two."""
        text = super().to_python(value)
        return text.replace("\r\n", "\n") if text else text
