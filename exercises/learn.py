"""The pages to read: their addresses, titles and sources. Their words are in ``templates/learn/pages/``.

Every medical sentence on them stands on one of the sources that its page names. What is only common practice
says so, and sends people to their care team.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from .guideline import SOURCE

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

OVERVIEW = _("“What is amplified musculoskeletal pain syndrome (AMPS)?”, for families, by a pain clinic")
PRACTICE = _("Common practice. Ask your care team.")


@dataclass(frozen=True, slots=True)
class Page:
    """One page. ``title`` names no diagnosis: it stands in the tab, too."""

    slug: str
    title: "StrOrPromise"
    line: "StrOrPromise"
    sources: "tuple[StrOrPromise, ...]"


PAGES = (
    Page(
        "what-amps-is",
        _("What it is, and what it is not"),
        _("The pain you feel is real. It has a name, and it can get better."),
        (SOURCE, OVERVIEW),
    ),
    Page(
        "why-moving-helps",
        _("Why moving helps"),
        _("What you can do often comes back before the pain fades."),
        (SOURCE, OVERVIEW, PRACTICE),
    ),
    Page(
        "the-parts",
        _("The four parts of the work"),
        _("Move, Touch, Calm and Life: what each is for, and why they go together."),
        (SOURCE, OVERVIEW, PRACTICE),
    ),
    Page(
        "no-pain-score",
        _("Why nobody asks you for a number here"),
        _("We show what you did and what you can do. Here is why."),
        (SOURCE, OVERVIEW, PRACTICE),
    ),
    Page(
        "for-parents",
        _("How parents help"),
        _("What to ask in the evening, and what to ask about always."),
        (SOURCE, OVERVIEW, PRACTICE),
    ),
    Page(
        "school",
        _("School"),
        _("A way back, in steps that you can take."),
        (OVERVIEW, PRACTICE),
    ),
    Page(
        "sleep",
        _("Sleep"),
        _("Small habits that make nights easier."),
        (SOURCE, PRACTICE),
    ),
    Page(
        "stress",
        _("Stress: not made up, not your fault"),
        _("How stress gets into the body, and who can help."),
        (SOURCE, OVERVIEW, PRACTICE),
    ),
    Page(
        "the-team",
        _("Who is on your team"),
        _("What each person does, and what you can ask them."),
        (SOURCE, OVERVIEW, PRACTICE),
    ),
    Page(
        "when-to-call",
        _("When to call your care team"),
        _("For you, and for everybody who looks after you."),
        (OVERVIEW, PRACTICE),
    ),
)
BY_SLUG = {page.slug: page for page in PAGES}
