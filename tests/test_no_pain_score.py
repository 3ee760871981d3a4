"""The pain is real, and there is no score for it anywhere: by construction."""

import ast
import re
from pathlib import Path

import pytest
from django import forms
from django.apps import apps

from tests.test_architecture import APP, FILES

ROOT = APP.parent
SCORES = re.compile(
    r"\b(pain|hurt|ache|discomfort|symptom)s?[\s_-]*(score|scale|level|rating|intensity|slider|diary|nrs|vas|today|is)\b"
    r"|\b(rate|score|scale)\b[^.]{0,20}\bpain\b|how (bad|much|strong)[^.]{0,20}\b(pain|hurt)",
    re.I,
)
NAMES = re.compile(r"pain|hurt|ache(?!d)|symptom|severity|intensity", re.I)
# The address of the page to read that says why there is none.
WHY_NONE = "no-pain-score"
# "hurt" here is an injury: the page that says when to call the care team.
SHAMING = re.compile(r"\b(missed|failed|failure|non-?complian\w*|complian\w*|not enough|streak)\b", re.I)


def columns():
    for model in apps.get_app_config("exercises").get_models():
        for field in model._meta.get_fields():
            yield f"{model.__name__}.{field.name}", field


def test_no_column_holds_one():
    assert len(list(columns())) > 100
    for name, field in columns():
        assert not NAMES.search(name), name
        for _value, label in getattr(field, "flatchoices", None) or ():
            assert not NAMES.search(str(label)), f"{name}: {label}"


def all_forms():
    for path in (APP / "forms").glob("*.py"):
        __import__(f"exercises.forms.{path.stem}")
    pending = [forms.BaseForm]
    while pending:
        form = pending.pop()
        pending += form.__subclasses__()
        if form.__module__.startswith("exercises."):
            yield form


def test_no_form_asks_for_one():
    found = list(all_forms())
    assert len(found) > 3
    for form in found:
        for name, field in form.base_fields.items():
            assert not NAMES.search(name), f"{form.__name__}.{name}"
            assert not NAMES.search(str(field.label or "")), f"{form.__name__}.{name}"


def strings(path):
    if path.suffix == ".py":
        tree = ast.parse(path.read_text())
        docs = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
        return [
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
        ]
    return [path.read_text()]


TEXTS = sorted(
    {*FILES, *(ROOT / "templates").rglob("*.html"), *(APP / "static").rglob("*.js"), *APP.rglob("*.toml")}
)


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_text_asks_for_one_or_shames(path):
    for text in strings(path):
        assert not SCORES.search(text.replace(WHY_NONE, "")), text
        if path.suffix == ".html" or "_(" in Path(path).read_text():
            assert not SHAMING.search(text), text


def test_the_patterns_can_fail():
    for text in ("pain_score", "Pain level", "rate your pain", "How bad is the pain?", "pain today"):
        assert SCORES.search(text), text
    for text in ("3 days missed", "You failed", "non-compliant"):
        assert SHAMING.search(text), text
    assert NAMES.search("pain_level")
