"""The texture ladder in the editor: steps in any order, each a texture and how firmly it is used."""

import re
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext

from exercises.models.choices import Pressure, Texture

MOST_STEPS = 20
COMMAND = re.compile(r"(up|down|out)-(\d{1,4})|more|usual")
EMPTY = ("", Pressure.LIGHT.value)


class LadderRows:
    """``steps`` is what was typed: (texture, pressure), where a step without a texture is none."""

    def __init__(self, steps: list[tuple[str, str]]) -> None:
        self.steps = steps
        self.errors: list[str] = []

    @classmethod
    def of(cls, ladder: Any) -> "LadderRows":
        return cls([(step["texture"], step["pressure"]) for step in ladder])

    @classmethod
    def posted(cls, data: QueryDict) -> "LadderRows":
        textures, pressures = data.getlist("ladder_texture"), data.getlist("ladder_pressure")
        pressures += [Pressure.LIGHT.value] * (len(textures) - len(pressures))
        return cls(list(zip(textures, pressures, strict=False)))

    def do(self, command: str) -> bool:
        """``up-3``, ``down-3``, ``out-3``, ``more``, ``usual``. Whether that was understood."""
        match = COMMAND.fullmatch(command)
        if match is None:
            return False
        if match[1]:
            return self._change(match[1], int(match[2]))
        self.steps += [EMPTY] if command == "more" else [(texture, EMPTY[1]) for texture in Texture.values]
        return True

    def _change(self, what: str, place: int) -> bool:
        if place >= len(self.steps):
            return False
        other = place - 1 if what == "up" else place + 1
        if what == "out":
            del self.steps[place]
        elif 0 <= other < len(self.steps):
            self.steps[place], self.steps[other] = self.steps[other], self.steps[place]
        return True

    def is_valid(self) -> bool:
        typed = [step for step in self.steps if step[0]]
        if any(
            texture not in Texture.values or pressure not in Pressure.values for texture, pressure in typed
        ):
            self.errors = [gettext("Choose the steps from the list.")]
        elif len(typed) > MOST_STEPS:
            self.errors = [gettext("A ladder has up to %(n)d steps.") % {"n": MOST_STEPS}]
        return not self.errors

    def ladder(self) -> tuple[dict[str, str], ...]:
        return tuple(
            {"texture": texture, "pressure": pressure} for texture, pressure in self.steps if texture
        )
