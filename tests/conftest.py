"""The cast. Two families in two clinics, so that every test has somebody who must see nothing."""

import logging
import os
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from allauth.account.internal.flows.login import record_authentication
from django.test import Client

from exercises import security
from exercises.models import Patient, User
from exercises.services import looks
from exercises.session_keys import SECOND_FACTOR
from tests import factories

pytest_plugins = ["tests.ci_skips"]
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(autouse=True)
def no_look_remembered() -> None:
    """Each test has a database of its own: what this process wrote into the last one is gone."""
    looks.forget()


@pytest.fixture
def cast(db: None) -> SimpleNamespace:
    """maya with dana and lee; noor with omar and kim, of another family and clinic; sam, a stranger to both.

    ``maya`` and the others are users, ``patient`` is maya's record, ``other`` noor's. Nobody is a superuser.
    """
    people = SimpleNamespace(
        maya=factories.user("maya"),
        dana=factories.user("dana"),
        lee=factories.user("lee", is_clinician=True),
        noor=factories.user("noor"),
        omar=factories.user("omar"),
        kim=factories.user("kim", is_clinician=True),
        sam=factories.user("sam"),
        patient=factories.patient("Maya R.", zone="America/Chicago", body_areas=["left_foot"]),
        other=factories.patient("Noor K.", zone="Pacific/Auckland", body_areas=["right_hand"]),
    )
    for record, teen, parent, therapist in (
        (people.patient, people.maya, people.dana, people.lee),
        (people.other, people.noor, people.omar, people.kim),
    ):
        factories.link(record, teen, "patient")
        factories.link(record, parent, "parent")
        factories.link(record, therapist, "therapist", discipline="pt")
        factories.program(record)
    return people


@pytest.fixture
def patient(cast: SimpleNamespace) -> Patient:
    record: Patient = cast.patient
    return record


def signed_in(user: User, **options: object) -> Client:
    """Signed in with a password and a second factor, just now: nothing asks for it again."""
    client = Client(**options)  # type: ignore[arg-type]
    client.force_login(user)
    session = client.session
    session[SECOND_FACTOR] = True
    # Written by allauth itself: it keeps with the records whose they are, and believes no others.
    record_authentication(SimpleNamespace(session=session), user, "password", reauthenticated=True)
    session.save()
    return client


@pytest.fixture
def teen(cast: SimpleNamespace) -> Client:
    return signed_in(cast.maya)


@pytest.fixture
def parent(cast: SimpleNamespace) -> Client:
    return signed_in(cast.dana)


@pytest.fixture
def therapist(cast: SimpleNamespace) -> Client:
    return signed_in(cast.lee)


@pytest.fixture
def stranger(cast: SimpleNamespace) -> Client:
    return signed_in(cast.sam)


class Listener(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@pytest.fixture
def events() -> Iterator[list[str]]:
    """The lines of the log of security events, without their time, as they come in."""
    listener = Listener()
    security.LOGGER.addHandler(listener)
    yield listener.lines
    security.LOGGER.removeHandler(listener)
