"""Accounts and links. Only the three documented people can sign in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from exercises.demo_people import DEMO_PASSWORD, DEMO_PEOPLE
from exercises.models import CareTeamMember, Consent, Patient, User
from exercises.models.choices import Discipline, Role
from exercises.wording import WORDING

from .people import SHARED, Person

NAMES = {"dana": ("Dana", "Reyes"), "lee": ("Lee", "Alvarez"), "robin": ("Robin", "Achterberg")}
DISCIPLINES = {"lee": Discipline.PHYSICAL, "robin": Discipline.OCCUPATIONAL}


@dataclass(frozen=True, slots=True)
class Household:
    """Who logs for a patient. At least one of the two is there."""

    teen: User | None
    parent: User | None

    def who_enters(self, parent_tries: bool) -> tuple[User, str]:
        """The person and the role under which the entry is kept."""
        if self.teen and not (parent_tries and self.parent):
            return self.teen, Role.PATIENT
        assert self.parent is not None
        return self.parent, Role.PARENT


def make_users(people: Iterable[Person]) -> dict[str, User]:
    """Everybody by username: teens, parents and both therapists."""
    usernames = {name for person in people for name in (person.username, person.parent) if name}
    users = [_user(name) for name in sorted(usernames | set(DISCIPLINES))]
    return {user.username: user for user in User.objects.bulk_create(users)}


def _user(username: str) -> User:
    first, last = NAMES.get(username, ("", ""))
    user = User(username=username, first_name=first, last_name=last, is_clinician=username in DISCIPLINES)
    if username in DEMO_PEOPLE:
        user.set_password(DEMO_PASSWORD)
    else:
        user.set_unusable_password()
    return user


def household(person: Person, users: Mapping[str, User]) -> Household:
    return Household(users.get(person.username), users.get(person.parent))


def link(
    person: Person, patient: Patient, users: Mapping[str, User], therapist: str, since: datetime
) -> list[CareTeamMember]:
    """The patient's team, not yet in the database."""
    home = household(person, users)
    members = [(home.teen, Role.PATIENT), (home.parent, Role.PARENT)]
    therapists = ["lee", "robin"] if person.username == SHARED else [therapist]
    return [
        *_links(patient, [(user, role) for user, role in members if user], since),
        *(
            CareTeamMember(
                patient=patient,
                user=users[name],
                role=Role.THERAPIST,
                discipline=DISCIPLINES[name],
                since=since,
            )
            for name in therapists
        ),
    ]


def _links(patient: Patient, members: Sequence[tuple[User, str]], since: datetime) -> list[CareTeamMember]:
    """The family, who agreed to the wording; demo teens are old enough to sign up alone."""
    return [
        CareTeamMember(
            patient=patient,
            user=user,
            role=role,
            since=since,
            consented_to=WORDING,
            of_age=role == Role.PATIENT,
        )
        for user, role in members
    ]


def agreements(links: Iterable[CareTeamMember]) -> list[Consent]:
    """What those links say was agreed to, not yet in the database."""
    return [
        Consent(
            patient=link.patient,
            user=link.user,
            role=link.role,
            wording=link.consented_to,
            agreed_at=link.since,
        )
        for link in links
        if link.consented_to
    ]
