"""Counting tries: a window that slides, one count for every worker."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.utils import timezone

from exercises import limits

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_counted():
    cache.clear()


def test_so_many_and_no_more():
    assert [limits.hit("door", 3, 60) for _number in range(5)] == [True] * 3 + [False] * 2
    assert limits.hit("another door", 3, 60)


def test_asking_counts_nothing():
    for _number in range(5):
        assert not limits.full("door", 2)
    limits.hit("door", 2, 60)
    assert not limits.full("door", 2)
    limits.hit("door", 2, 60)
    assert limits.full("door", 2)


def test_each_try_counts_for_its_own_time():
    with time_machine.travel(timezone.now(), tick=False) as clock:
        limits.hit("door", 2, 60)
        clock.shift(timedelta(seconds=40))
        limits.hit("door", 2, 60)
        assert not limits.hit("door", 2, 60)
        clock.shift(timedelta(seconds=30))
        assert limits.hit("door", 2, 60)
        assert not limits.hit("door", 2, 60)


def test_two_at_once_do_not_share_a_place(monkeypatch):
    """Both looked while the place was free: the cache lets one have it."""
    monkeypatch.setattr(cache, "get_many", lambda places: {})
    assert [limits.hit("door", 1, 60) for _number in range(2)] == [True, False]


def test_what_is_counted_does_not_show_whose_it_is():
    assert limits.hit("guess address 203.0.113.7 \x00 " + "x" * 500, 1, 60)
    assert all("203.0.113.7" not in place for place in limits._places("guess address 203.0.113.7", 1))
