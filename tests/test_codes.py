"""Codes on cards: typed in any way they are the same, and nothing that was not one becomes one."""

import re

from hypothesis import given
from hypothesis import strategies as st

from exercises import codes

a_code = st.text(codes.ALPHABET, min_size=codes.LENGTH, max_size=codes.LENGTH)
between = st.text(" -\t\u00a0", max_size=3)


def test_no_letter_can_be_taken_for_another():
    assert len(set(codes.ALPHABET)) == 32
    assert not set("IO01") & set(codes.ALPHABET)


@given(a_code, st.lists(between, min_size=codes.LENGTH, max_size=codes.LENGTH), st.booleans())
def test_a_code_typed_in_any_way_is_the_same(code, gaps, small):
    typed = "".join(gap + letter for gap, letter in zip(gaps, code, strict=True))
    assert codes.normalise(typed.lower() if small else typed) == code
    assert codes.normalise(codes.grouped(code)) == code


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_code_or_nothing(typed):
    code = codes.normalise(typed)
    assert code == "" or re.fullmatch(f"[{codes.ALPHABET}]{{{codes.LENGTH}}}", code)
    assert codes.normalise(code) == code


def test_new_codes_are_codes_and_differ():
    made = {codes.new_code() for _number in range(200)}
    assert len(made) == 200
    assert all(codes.normalise(code) == code for code in made)


@given(a_code, a_code)
def test_a_digest_depends_on_code_key_and_purpose(one, other):
    digest = codes.digest(one, key="k", purpose="p")
    assert re.fullmatch("[0-9a-f]{64}", digest)
    assert (codes.digest(other, key="k", purpose="p") == digest) is (one == other)
    assert digest != codes.digest(one, key="x", purpose="p")
    assert digest != codes.digest(one, key="k", purpose="x")
