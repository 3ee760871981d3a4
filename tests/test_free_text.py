"""Every box for free text says who reads it, that it is read at the next visit, and whom to call in danger.

Walks the forms of ``exercises.forms`` and the templates: whoever adds a box that does not say so fails here.
"""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.utils import render_crispy_form
from django import forms
from django.conf import settings

import exercises.forms
from exercises.forms.free_text import FreeTextField

# Short texts that are no words of somebody's own: form and field, each with its reason.
NOT_FREE_TEXT = {
    # Searching a list keeps nothing.
    ("CaseloadForm", "q"),
    # Names: what a person signs in with, is called by, and what a record is called.
    ("SignUpForm", "username"),
    ("SignUpForm", "first_name"),
    ("RecordForm", "name"),
    # A code from a card: digits and capitals, compared with a digest.
    ("CodeForm", "code"),
    # Typed to confirm: compared with the name above the box, and kept nowhere.
    ("EraseForm", "confirm"),
    ("CloseForm", "confirm"),
    # Typed from a card to sign in, and kept nowhere.
    ("CardForm", "username"),
    ("CardForm", "code"),
    # Digits from a code app, compared and kept nowhere; what a person calls their own passkey.
    ("FirstCodeForm", "code"),
    ("CodeAgainForm", "code"),
    ("PasskeyForm", "name"),
    ("PasskeyNameForm", "name"),
    # A link, checked to be one.
    ("ActivityForm", "video"),
    # What a therapist calls a plan of nobody's.
    ("TemplateForm", "plan_name"),
    # An administrator's reason: its own help says that the team reads it.
    ("BreakGlassForm", "reason"),
}
TEXT_TYPES = {"text", "search", "email", "url", ""}
# Boxes that a template writes by hand: path and field name, each with its reason.
BY_HAND = {
    # The widget allauth draws its own fields with: name, password, code.
    ("allauth/elements/field.html", "{{ attrs.name }}"),
    # Searching a list keeps nothing.
    ("caseload/_tools.html", "q"),
    ("program/_find.html", "find"),
    ("program/from.html", "q"),
    # What a therapist calls a plan of nobody's.
    ("program/edit.html", "plan_name"),
    ("plan_templates/plan_templates.html", "plan_name"),
}


def all_forms():
    for module in pkgutil.walk_packages(exercises.forms.__path__, "exercises.forms."):
        for form in vars(importlib.import_module(module.name)).values():
            if inspect.isclass(form) and issubclass(form, forms.BaseForm) and form.__module__ == module.name:
                yield form


def is_text_box(field):
    if isinstance(field.widget, forms.HiddenInput | forms.PasswordInput):
        return False
    typed = isinstance(field, forms.CharField | forms.JSONField)
    shaped = isinstance(field, forms.EmailField | forms.SlugField | forms.UUIDField | forms.RegexField)
    return isinstance(field.widget, forms.Textarea) or (typed and not shaped)


TEXT_BOXES = [
    (form, name)
    for form in all_forms()
    for name, field in form.base_fields.items()
    if is_text_box(field) and (form.__name__, name) not in NOT_FREE_TEXT
]


def test_the_walk_finds_the_boxes():
    found = {(form.__name__, name) for form, name in TEXT_BOXES}
    assert {
        ("NoteForm", "text"),
        ("QuestionForm", "text"),
        ("GoalForm", "text"),
        ("StepForm", "text"),
    } <= found


@pytest.mark.parametrize(("form", "name"), TEXT_BOXES, ids=str)
def test_every_box_says_who_reads_it(form, name):
    field = form.base_fields[name]
    assert isinstance(field, FreeTextField), f"{form.__name__}.{name} should be a FreeTextField"
    said = str(field.notice)
    assert "read" in said
    assert "Nobody reads it right away." in said
    assert settings.CRISIS_LINE in said


@pytest.mark.parametrize(("form", "name"), TEXT_BOXES, ids=str)
def test_the_box_is_tied_to_what_it_says(form, name):
    field = form.base_fields[name]

    class OneBox(forms.Form):
        box = field

    helper = FormHelper()
    helper.form_tag = False
    drawn = render_crispy_form(OneBox(), helper)
    described_by = re.search(r'aria-describedby="([^"]+)"', drawn)
    assert described_by, "the box has no aria-describedby"
    if field.notice_id:
        assert described_by[1] == field.notice_id
        assert any(f'id="{field.notice_id}"' in text for _path, text in templates())
    else:
        assert f'id="{described_by[1]}"' in drawn
        assert 'class="privacy"' in drawn


MINE = FreeTextField(readers="You & <b>they</b> read this.", parents_may_ask=True)
ROW = FreeTextField(readers="All", notice_id="said-once", required=False, widget=forms.TextInput)


class Box(forms.Form):
    mine, row = MINE, ROW


def test_what_a_box_says(settings):
    settings.CRISIS_LINE = "116 123"
    said = str(Box()["mine"].help_text)
    assert "You &amp; &lt;b&gt;they" in said
    assert "116 123" in said
    assert "parents" in said.lower()
    assert Box()["row"].help_text == ""
    assert "parents" not in str(ROW.notice).lower()


def test_a_box_may_say_something_else_on_one_form_only():
    form = Box()
    mine = form.fields["mine"]
    assert isinstance(mine, FreeTextField)
    mine.tell("Only you read this.")
    assert "Only you" in str(form["mine"].help_text)
    assert "ask the clinic" not in str(form["mine"].help_text)
    assert "You &amp;" in str(Box()["mine"].help_text)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\r\nb", "a\nb"),
        ("  a ", "a"),
        ("\u202eab", "\u202eab"),
        ("x\r\n" * 999 + "x", "x\n" * 999 + "x"),
        ("🎉" * 2000, "🎉" * 2000),
    ],
)
def test_what_is_kept(typed, kept):
    assert MINE.clean(typed) == kept


@pytest.mark.parametrize("typed", ["", " \r\n ", "a\x00b", "x" * 2001])
def test_what_is_refused(typed):
    with pytest.raises(forms.ValidationError):
        MINE.clean(typed)


def templates() -> Iterator[tuple[str, str]]:
    """(path, text) of each of the project's own."""
    folder = settings.BASE_DIR / "templates"
    for path in sorted(folder.rglob("*.html")):
        yield path.relative_to(folder).as_posix(), path.read_text()


def boxes_by_hand():
    for path, text in templates():
        for tag in re.findall(r"<(?:textarea|input)\b[^>]*>", text):
            kind = re.search(r'\btype="([^"]*)"', tag)
            name = re.search(r'\bname="([^"]*)"', tag)
            if tag.startswith("<textarea") or (kind[1] if kind else "") in TEXT_TYPES | {"{{ attrs.type }}"}:
                yield path, name[1] if name else ""
        if "contenteditable" in text:
            yield path, "contenteditable"


def test_no_template_writes_a_box_by_hand():
    assert set(boxes_by_hand()) <= BY_HAND
