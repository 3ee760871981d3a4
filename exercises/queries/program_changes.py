"""What is different in a new version of a program, in sentences that a teen reads."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from exercises import adherence
from exercises.models import Program
from exercises.models.choices import BodyArea, HarderRule, Pressure, ProgramKind, Strand, Texture
from exercises.words import STRAND_WORDS, dose_words

from .program import Item, Plan, as_program, plan_of, standing_plan, version_before

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

KINDS: "dict[str, StrOrPromise]" = {
    ProgramKind.FULL: _("The program is on again, every day."),
    ProgramKind.KEEPING_UP: _("Now it is about keeping up, week by week."),
    ProgramKind.PAUSED: _("The program pauses."),
    ProgramKind.DONE: _("The program is finished."),
}
HARDER: "dict[str, StrOrPromise]" = {
    HarderRule.PIECES: _("On a harder day: the same plan in small pieces."),
    HarderRule.SMALLER: _("On a harder day: a smaller plan: %(numbers)s."),
    HarderRule.CALL: _("On a harder day: first read when to call your care team."),
}


class Asked(NamedTuple):
    """What a strand asks for in words, and its number. Two of the same ``unit`` differ in the number only."""

    unit: object
    number: int
    words: str


def what_changed(program: Program, *, harder: bool = True) -> tuple[str, ...]:
    """Against the version that was in force before it. Three queries."""
    before = version_before(program.patient_id, program.starts_on)
    return changes_between(standing_plan(before) if before else None, plan_of(program), harder=harder)


def changes_between(old: Plan | None, new: Plan, *, harder: bool = True) -> tuple[str, ...]:
    """``harder``: with the rule of a harder day, which is not for who may not see harder days."""
    parts = [_kind, _numbers, _week, _usual, _items, _ladder]
    parts += [_harder] if harder else []
    return tuple(sentence for part in parts for sentence in part(old, new))


def _kind(old: Plan | None, new: Plan) -> Iterator[str]:
    if new.kind != (old.kind if old else ProgramKind.FULL):
        yield str(KINDS[new.kind])
    if new.kind == ProgramKind.KEEPING_UP and new.flare_plan and (old is None or not old.flare_plan):
        yield gettext("If things flare up, one tap goes back to the full program.")


# --- numbers -----------------------------------------------------------------------------------------------


def _numbers(old: Plan | None, new: Plan) -> Iterator[str]:
    for strand in adherence.STRANDS:
        was, now = _asked(old, strand) if old else None, _asked(new, strand)
        if was != now:
            yield _said(str(STRAND_WORDS[strand]), was, now, is_first=old is None)


def _said(strand: str, was: Asked | None, now: Asked | None, *, is_first: bool) -> str:
    if now is None:
        return gettext("%(strand)s is not part of the program any more.") % {"strand": strand}
    if was is None:
        form = gettext("%(strand)s: %(now)s.") if is_first else gettext("New: %(strand)s, %(now)s.")
        return form % {"strand": strand, "now": now.words}
    before = str(was.number) if was.unit == now.unit and was.number else was.words
    return gettext("%(strand)s: %(now)s (was %(was)s).") % {
        "strand": strand,
        "now": now.words,
        "was": before,
    }


def _asked(plan: Plan, strand: str) -> Asked | None:
    number = as_program(plan).exercises if strand == Strand.EXERCISES else getattr(plan.targets, strand)
    if strand == Strand.DESENSITIZATION:
        return _touch(plan, number) if number else None
    if strand == Strand.STRESS:
        return Asked(bool(number), number or 0, _times(number) if number else _any_length())
    if not number:
        return None
    if strand == Strand.EXERCISES and plan.targets.by_list:
        words = ngettext("the one on the list, every day", "all %(n)d on the list, every day", number)
        return Asked("list", number, words % {"n": number})
    words = ngettext("%(n)d minute a day", "%(n)d minutes a day", number) % {"n": number}
    return Asked("minutes", number, words)


def _touch(plan: Plan, number: int) -> Asked:
    least = plan.targets.desensitization_minutes
    words = ngettext("%(times)s, at least %(n)d minute", "%(times)s, at least %(n)d minutes", least)
    for_each = number // len(plan.areas) if plan.areas else number
    times = _times(for_each)
    if plan.areas:
        times = gettext("%(times)s for each of: %(areas)s") % {
            "times": times,
            "areas": areas_words(plan.areas),
        }
    return Asked((least, plan.areas), for_each, words % {"times": times, "n": least})


def _any_length() -> str:
    return gettext("every day, any length")


def _times(number: int) -> str:
    return ngettext("%(n)d time a day", "%(n)d times a day", number) % {"n": number}


def areas_words(areas: Sequence[str]) -> str:
    names = dict(BodyArea.choices)
    return ", ".join(str(names[area]) for area in areas)


def _week(old: Plan | None, new: Plan) -> Iterator[str]:
    if new.kind != ProgramKind.KEEPING_UP:
        return
    before: Mapping[str, int | None] = old.week if old and old.kind == new.kind else {}
    for strand in adherence.STRANDS:
        was, now = before.get(f"week_{strand}"), new.week.get(f"week_{strand}")
        words = {"strand": STRAND_WORDS[strand], "n": now, "was": was}
        if now and was and now != was:
            form = ngettext(
                "%(strand)s: on %(n)d day a week (was %(was)d).",
                "%(strand)s: on %(n)d days a week (was %(was)d).",
                now,
            )
            yield form % words
        elif now and not was:
            yield (
                ngettext("%(strand)s: on %(n)d day a week.", "%(strand)s: on %(n)d days a week.", now) % words
            )
        elif was and not now:
            yield gettext("%(strand)s has no number for the week any more.") % words


def _usual(old: Plan | None, new: Plan) -> Iterator[str]:
    if old is None:
        return
    was, now = as_program(old), as_program(new)
    for strand in adherence.STRANDS[:3]:
        is_typed = old.usual.get(f"usual_{strand}") != new.usual.get(f"usual_{strand}")
        minutes = now.usual_minutes(strand)
        if is_typed and minutes and minutes != was.usual_minutes(strand):
            form = ngettext(
                "One tap logs %(n)d minute of %(strand)s.",
                "One tap logs %(n)d minutes of %(strand)s.",
                minutes,
            )
            yield form % {"n": minutes, "strand": str(STRAND_WORDS[strand]).lower()}


# --- activities --------------------------------------------------------------------------------------------


def _items(old: Plan | None, new: Plan) -> Iterator[str]:
    left = list(old.items) if old else []
    places = []
    for item in new.items:
        was = _same(left, item)
        if was is None:
            yield _new_item(item)
            continue
        left.remove(was)
        places.append(old.items.index(was) if old else 0)
        yield from _changed_item(was, item)
    for item in left:
        yield gettext("Taken out: %(name)s.") % {"name": item.activity.name}
    if places != sorted(places):
        yield gettext("The order is new.")


def _same(items: Sequence[Item], wanted: Item) -> Item | None:
    """The same activity, for the same body area rather than for another one."""
    same = [item for item in items if item.activity == wanted.activity]
    area = wanted.dose.get("body_area")
    return next((item for item in same if item.dose.get("body_area") == area), same[0] if same else None)


def _new_item(item: Item) -> str:
    dose = dose_words(item.dose)
    form = gettext("New: %(name)s, %(dose)s.") if dose else gettext("New: %(name)s.")
    return form % {"name": item.activity.name, "dose": dose}


def _changed_item(was: Item, now: Item) -> Iterator[str]:
    words = {"name": now.activity.name, "now": dose_words(now.dose), "was": dose_words(was.dose)}
    if words["now"] != words["was"]:
        words = {key: value or gettext("any amount") for key, value in words.items()}
        yield gettext("%(name)s: %(now)s (was %(was)s).") % words
    if was.dose.get("words", "") != now.dose.get("words", ""):
        form = (
            gettext("%(name)s: the words beside it are new.")
            if now.dose.get("words")
            else gettext("%(name)s: the words beside it are taken out.")
        )
        yield form % words


# --- the ladder, a harder day ------------------------------------------------------------------------------


def _ladder(old: Plan | None, new: Plan) -> Iterator[str]:
    was: Sequence[Mapping[str, str]] = old.ladder if old else ()
    if was and not new.ladder:
        yield gettext("Taken out: the texture ladder.")
    if not new.ladder:
        return
    if list(was) != list(new.ladder):
        steps = ", ".join(step_words(step) for step in new.ladder)
        yield gettext("The texture ladder: %(steps)s.") % {"steps": steps}
    if new.ladder_starts_at != (old.ladder_starts_at if old and was else 1):
        step = step_words(new.ladder[new.ladder_starts_at - 1])
        words = {"n": new.ladder_starts_at, "step": step}
        yield gettext("The ladder starts at step %(n)d: %(step)s.") % words
    if new.ladder_by_teen and not (old and was and old.ladder_by_teen):
        yield gettext("A step up the ladder: whenever you are ready for it.")
    elif old and was and old.ladder_by_teen and not new.ladder_by_teen:
        yield gettext("A step up the ladder: together with your therapist.")


def step_words(step: Mapping[str, str]) -> str:
    """ "silk (firm)"; light is not said."""
    texture = str(dict(Texture.choices)[step["texture"]])
    if step["pressure"] == Pressure.LIGHT:
        return texture
    return gettext("%(texture)s (%(pressure)s)") % {
        "texture": texture,
        "pressure": dict(Pressure.choices)[step["pressure"]],
    }


def _harder(old: Plan | None, new: Plan) -> Iterator[str]:
    was = harder_words(old) if old else str(HARDER[HarderRule.PIECES])
    now = harder_words(new)
    if now != was:
        yield now


def harder_words(plan: Plan) -> str:
    """The rule of a harder day, with its numbers."""
    numbers = ", ".join(_smaller(plan)) if plan.harder_rule == HarderRule.SMALLER else ""
    return str(HARDER[plan.harder_rule]) % {"numbers": numbers}


def _smaller(plan: Plan) -> Iterator[str]:
    """ "Cardio 5 minutes", "Desensitization 2 times"."""
    for strand in adherence.STRANDS:
        number = plan.smaller.get(f"smaller_{strand}")
        if number:
            yield f"{STRAND_WORDS[strand]} {_smaller_words(plan, strand, number)}"


def _smaller_words(plan: Plan, strand: str, number: int) -> str:
    if strand in (Strand.DESENSITIZATION, Strand.STRESS):
        if strand == Strand.DESENSITIZATION and plan.areas:
            each = number // len(plan.areas)
            return ngettext("%(n)d time each area", "%(n)d times each area", each) % {"n": each}
        return ngettext("%(n)d time", "%(n)d times", number) % {"n": number}
    if strand == Strand.EXERCISES and plan.targets.by_list:
        return gettext("%(n)d of the list") % {"n": number}
    return ngettext("%(n)d minute", "%(n)d minutes", number) % {"n": number}
