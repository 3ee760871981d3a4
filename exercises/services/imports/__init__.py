"""Takes a copy of a record into an installation that has none: all of it, or nothing."""

import secrets
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import DatabaseError, models, transaction
from django.utils import timezone

from exercises import adherence
from exercises.models import (
    Activity,
    CareTeamMember,
    Change,
    DailyLog,
    Erasure,
    FunctionGoal,
    Invitation,
    LadderMove,
    Patient,
    Program,
    ProgramItem,
    RoutineSlot,
    SessionItem,
    TherapySession,
    User,
)
from exercises.models.choices import Role, Strand
from exercises.models.trust import OneUseCode
from exercises.queries import record_table
from exercises.queries.record_table import Section
from exercises.services import tombstones, totals
from exercises.services.catalogue import load_catalogue
from exercises.services.sessions import Bout

from .parsing import Unreadable, check_keys, check_texts, checked, expect, is_zone, named, part, values

HEAD = {"schema", "version", "made_at", "made_for", "complete", "activities", "people"}
SECTIONS = {section.name: section for section in record_table.SECTIONS}
# Sections whose rows name nothing but people and goals; the others are read in an order of their own.
PLAIN = (
    "consents", "invitations", "sign_in_cards", "routine_periods", "days_off", "notes", "questions", "goals",
    "goal_steps", "measures", "milestones", "intentions", "cheers", "looks", "broken_glass", "erasures",
)  # fmt: skip
NAMED = (User, Activity, Program, ProgramItem, RoutineSlot, FunctionGoal, DailyLog, TherapySession)
PERSON = {"ref", "role", "name", "discipline"}
MOST_OF_A_NAME = 150


@dataclass(frozen=True, slots=True)
class Imported:
    """What came in. ``strangers`` came as a role and a name: they have no account here."""

    patient: Patient
    days: int
    sessions: int
    strangers: int


def import_record(
    *, copy: Any, teen: User | None = None, parents: Sequence[User] = (), therapists: Sequence[User] = ()
) -> Imported:
    """``teen``, ``parents`` and ``therapists`` take the places of those who are on the copy's team now, in
    its order. Everybody else comes as a role and a name, in an account that nobody can sign in to.

    Raises ``Unreadable`` for anything that is not a complete copy, and writes nothing then.
    """
    _check_head(copy)
    accounts = {
        Role.PATIENT.value: [teen] if teen else [],
        Role.PARENT.value: parents,
        Role.THERAPIST.value: therapists,
    }
    try:
        with transaction.atomic():
            expect(not Patient.objects.exists(), "this installation", "there is a record here already")
            load_catalogue()
            return _Reader(copy, accounts).read()
    except DatabaseError:
        raise Unreadable("the file: two things in it contradict each other") from None


def _check_head(copy: Any) -> None:
    expect(isinstance(copy, dict), "the file", "not a copy of a record")
    expect(copy.get("schema") == record_table.SCHEMA, "the file", "not a copy of a record")
    known = type(copy.get("version")) is int and copy["version"] == record_table.VERSION
    expect(known, "the file", f"only version {record_table.VERSION} can be taken in")
    expect(copy.get("complete") is True, "the file", "this copy leaves out too much (see docs/export.md)")
    check_keys(copy, HEAD | set(SECTIONS), "the file")
    check_texts(copy)


class _Reader:
    """One copy on its way in. ``found`` has rows by model and by what names them in the file."""

    def __init__(self, copy: Mapping[str, Any], accounts: Mapping[str, Sequence[User]]) -> None:
        self.copy = copy
        self.accounts = accounts
        self.now = timezone.now()
        self.found: dict[type[models.Model], dict[Any, Any]] = {model: {} for model in NAMED}
        self.subjects: dict[str, dict[str, int]] = {}
        self.patient = Patient()

    def read(self) -> Imported:
        strangers = self._people()
        self._record()
        self._activities()
        self._team()
        self._programs()
        self._ladder_moves()
        self._slots()
        for name in PLAIN:
            self._plain(SECTIONS[name])
        sessions = self._sessions()
        self._changes()
        totals.refresh_last_logged(self.patient)
        self._last_cheer()
        return Imported(self.patient, len(self.found[DailyLog]), sessions, strangers)

    def find(self, model: type[models.Model], name: Any) -> models.Model:
        row: models.Model = self.found[model][name]
        return row

    def rows(self, name: str) -> Iterator[tuple[str, Any]]:
        for number, raw in enumerate(part(self.copy, name, list)):
            where = f"{name}[{number}]"
            expect(isinstance(raw, dict), where, "not an object")
            yield where, raw

    def build(self, section: Section, raw: Any, where: str, **fields: Any) -> Any:
        """A row, not yet in the database."""
        row = section.model(**values(section, raw, self.find, where) | fields)
        return checked(row, section.fields(), where)

    def keep(self, row: Any, name: Any, where: str) -> None:
        """Other rows name this one by ``name``."""
        expect(name not in self.found[type(row)], where, "is there twice")
        self.found[type(row)][name] = row

    def name_subjects(self, section: Section, rows: Iterable[Any]) -> None:
        """Remembers what a change in the trail may be about."""
        for subject, (model, column) in record_table.SUBJECTS.items():
            if model is section.model:
                self.subjects[subject] = {str(getattr(row, column)): row.pk for row in rows}

    # --- who and what the others name ---

    def _people(self) -> int:
        mapped, strangers = self._mapped(), []
        for where, raw in self.rows("people"):
            check_keys(raw, PERSON, where)
            ref = part(raw, "ref", int, where)
            user = mapped.get(ref) or _stranger(raw, where)
            self.keep(user, ref, where)
            if ref not in mapped:
                strangers.append(user)
        User.objects.bulk_create(strangers)
        return len(strangers)

    def _mapped(self) -> dict[int, User]:
        """Accounts of this installation for those who are on the team now."""
        team = [
            (raw.get("role"), raw.get("user")) for _w, raw in self.rows("team") if raw.get("until") is None
        ]
        mapped: dict[int, User] = {}
        for role, users in self.accounts.items():
            now = [user for of, user in team if of == role and type(user) is int]
            expect(len(users) <= len(now), "team", f"with the role “{role}” it has {len(now)} now")
            mapped |= dict(zip(now, users, strict=False))
        taken = sum(map(len, self.accounts.values()))
        expect(len(set(mapped.values())) == taken, "team", "one account can take one person's place")
        return mapped

    def _record(self) -> None:
        # That the record is locked or to be erased is about the installation that the copy is from.
        left_behind = {"locked_at": None, "erase_at": None, "last_logged_on": None}
        self.patient = self.build(record_table.RECORD, self.copy["record"], "record", **left_behind)
        erased = tombstones.stone_of(self.patient.code, tombstones.stones())
        expect(erased is None, "record", "it was erased here, and a copy of it does not come back")
        self.patient.save(force_insert=True)

    def _activities(self) -> None:
        built_in = {activity.key: activity for activity in Activity.objects.exclude(key=None)}
        own = []
        for where, raw in self.rows("activities"):
            if "key" in raw:
                row = self.build(record_table.BUILT_IN, raw, where)
                row.offered = False
                row = built_in.get(row.key, row)
            else:
                row = self.build(record_table.OWN, _later(raw, record_table.OTHERS, where), where)
                own.append((where, raw, row))
            if row.pk is None:
                row.save(force_insert=True)
            self.keep(row, part(raw, "ref", int, where), where)
        self._join(own, record_table.OTHERS)

    def _join(self, rows: Iterable[tuple[str, Any, Any]], names: Sequence[str]) -> None:
        """What rows that are all in the database now name of each other: (place, raw, row) of each."""
        joined = [one for one in rows if any(one[1][name] is not None for name in names)]
        for where, raw, row in joined:
            for name in names:
                if raw[name] is not None:
                    field = row._meta.get_field(name)
                    setattr(row, name, named(field, raw[name], self.find, f"{where}.{name}"))
        if joined:
            type(joined[0][2])._default_manager.bulk_update([row for *_place, row in joined], names)

    # --- the sections ---

    def _plain(self, section: Section) -> None:
        built = (
            self.build(section, raw, where, patient=self.patient) for where, raw in self.rows(section.name)
        )
        kept = [row for row in built if not self._stays_behind(row)]
        section.model._default_manager.bulk_create(kept)
        if section.model is FunctionGoal:
            for row in kept:
                self.keep(row, str(row.client_id), section.name)
        self.name_subjects(section, kept)

    def _stays_behind(self, row: Any) -> bool:
        """An erasure that was asked for is the other installation's; and no code from there opens anything
        here."""
        if isinstance(row, OneUseCode):
            row.code_digest = secrets.token_hex(32)
            if row.is_open:
                row.revoked_at = self.now
        if isinstance(row, Invitation) and row.revoked_at == self.now:
            row.revoked_by = row.made_by
        return isinstance(row, Erasure) and row.undone_at is None

    def _last_cheer(self) -> None:
        newest = self.patient.cheers.order_by("-day").values_list("day", flat=True).first()
        Patient.objects.filter(pk=self.patient.pk).update(last_cheer_on=newest)

    def _team(self) -> None:
        section, links = SECTIONS["team"], []
        for where, raw in self.rows(section.name):
            link = self.build(section, raw, where, patient=self.patient)
            # The place of a teen who has no account here is free for the one who will have one.
            if link.role == Role.PATIENT and link.until is None and not link.user.is_active:
                link.until = self.now
            links.append(link)
        CareTeamMember.objects.bulk_create(links)

    def _programs(self) -> None:
        section, programs, items = SECTIONS["programs"], [], []
        for where, raw in self.rows(section.name):
            program = self.build(section, _later(raw, ("flare_plan",), where), where, patient=self.patient)
            self.keep(program, program.version, where)
            programs.append((where, raw, program))
            items += list(self._inside(record_table.ITEMS, raw, where, program=program))
        Program.objects.bulk_create(program for *_place, program in programs)
        self._join(programs, ("flare_plan",))
        for where, _raw, program in programs:
            back_to = program.flare_plan
            expect(back_to is None or back_to.version < program.version, where, "names a later version")
        ProgramItem.objects.bulk_create(item for _raw, item in items)
        for raw, item in items:
            self.keep(item, part(raw, "ref", int, "programs"), "programs")
        self.name_subjects(section, self.found[Program].values())

    def _inside(self, section: Section, raw: Any, where: str, **fields: Any) -> Iterator[tuple[Any, Any]]:
        for number, one in enumerate(part(raw, section.name, list, where)):
            yield one, self.build(section, one, f"{where}.{section.name}[{number}]", **fields)

    def _ladder_moves(self) -> None:
        section, moves = SECTIONS["ladder_moves"], []
        for where, raw in self.rows(section.name):
            move = self.build(section, raw, where, patient=self.patient)
            expect(1 <= move.step <= len(move.program.ladder), f"{where}.step", "is not on the ladder")
            moves.append(move)
        LadderMove.objects.bulk_create(moves)

    def _slots(self) -> None:
        for where, raw in self.rows("slots"):
            slot = self.build(SECTIONS["slots"], raw, where, patient=self.patient)
            slot.save(force_insert=True)
            self.keep(slot, part(raw, "ref", int, where), where)

    def _sessions(self) -> int:
        """Days, and what was done on them. A day's totals must be what its sessions say."""
        section = SECTIONS["sessions"]
        logs, rough = self._days(), self._rough()
        first = self._first_digests(rough)
        places, items = [], []
        for where, raw in self.rows(section.name):
            session = self.build(section, _later(raw, ("together_with",), where), where, patient=self.patient)
            self.keep(session, str(session.client_id), where)
            expect(is_zone(session.zone), f"{where}.zone", "is not what it should be")
            timed = session.minutes or session.strand == Strand.STRESS
            expect(bool(timed), f"{where}.minutes", "is empty")
            done = [item for _raw, item in self._inside(record_table.DONE, raw, where, session=session)]
            own_id = str(session.client_id)
            session.digest = first.get(own_id) or _bout(session, done, rough=own_id in rough).digest()
            places.append((where, raw, session))
            items += done
        sessions = list(self.found[TherapySession].values())
        self._check_totals(sessions, items)
        DailyLog.objects.bulk_create(logs)
        TherapySession.objects.bulk_create(sessions)
        self._join_together(places)
        SessionItem.objects.bulk_create(items)
        self.name_subjects(SECTIONS["days"], logs)
        self.name_subjects(section, sessions)
        return len(sessions)

    def _join_together(self, places: Iterable[tuple[str, Any, TherapySession]]) -> None:
        self._join(places, ("together_with",))
        for where, _raw, session in places:
            other = session.together_with
            fits = other is None or other.strand == Strand.EXERCISES
            expect(fits, f"{where}.together_with", "names something else than exercises")

    def _rough(self) -> set[str]:
        """Ids of exercises that were done on a rough surface."""
        return {str(raw.get("together_with")) for _where, raw in self.rows("sessions")}

    def _days(self) -> list[DailyLog]:
        standing = [program for program in self.found[Program].values() if program.replaced_at is None]
        standing.sort(key=lambda program: program.starts_on)
        for where, raw in self.rows("days"):
            log = self.build(SECTIONS["days"], raw, where, patient=self.patient)
            same = adherence.in_force(standing, log.day) == log.program
            expect(same, where, "names another program than the one in force on that day")
            self.keep(log, raw["day"], where)
        return list(self.found[DailyLog].values())

    def _check_totals(self, sessions: Iterable[TherapySession], items: Iterable[SessionItem]) -> None:
        done: dict[Any, list[SessionItem]] = {}
        for item in items:
            done.setdefault(item.session.client_id, []).append(item)
        live: dict[str, list[totals.Facts]] = {day: [] for day in self.found[DailyLog]}
        for session in sessions:
            if session.voided_at is None:
                facts = totals.facts_of(session, done.get(session.client_id, ()))
                live[session.daily_log.day.isoformat()].append(facts)
        lists: dict[Program | None, list[ProgramItem]] = {}
        for row in self.found[ProgramItem].values():
            lists.setdefault(row.program, []).append(row)
        for day, log in self.found[DailyLog].items():
            items_of_day = totals.listed(lists.get(log.program, ()))
            different = totals.differs(
                log, totals.add_up(live[day], log.program, items_of_day, harder=log.harder)
            )
            expect(not different, f"days, {day}", f"{', '.join(different)}: the sessions say something else")

    def _first_digests(self, rough: Container[str]) -> dict[str, str]:
        """Of what a corrected session was when it came, by its id: it was that until its first correction."""
        strands = {str(raw.get("id")): raw.get("strand") for _where, raw in self.rows("sessions")}
        first: dict[str, str] = {}
        for where, raw in self.rows("changes"):
            of = str(raw.get("of"))
            if (raw.get("subject"), raw.get("what")) == ("session", "corrected") and of not in first:
                before = raw.get("before")
                first[of] = self._digest_before(strands.get(of), before, where, rough=of in rough)
        return first

    def _digest_before(self, strand: Any, kept: Any, where: str, *, rough: bool) -> str:
        before = self._snapshot(kept, f"{where}.before")
        try:
            started_at = before["started_at"]
            bout = Bout(
                day=date.fromisoformat(before["day"]),
                strand=strand,
                minutes=before["minutes"],
                activity=Activity(pk=before["activity"]) if before["activity"] else None,
                items=tuple(ProgramItem(pk=pk) for pk in before["items"] if pk),
                body_areas=tuple(before["body_areas"]),
                slot=RoutineSlot(pk=before["slot"]) if before["slot"] else None,
                started_at=datetime.fromisoformat(started_at) if started_at else None,
                rough=rough,
            )
            return bout.digest()
        except (KeyError, TypeError, ValueError, OverflowError):
            raise Unreadable(f"{where}.before: is not what it should be") from None

    def _changes(self) -> None:
        section = SECTIONS["changes"]
        changes = []
        for where, raw in self.rows(section.name):
            expect("of" in raw, where, "“of” is missing")
            change = self.build(section, raw | {"of": 0}, where, patient=self.patient)
            change.subject_id = self._subject(change.subject, raw["of"], where)
            if change.subject == "session":
                change.before = self._snapshot(change.before, f"{where}.before")
                change.after = self._snapshot(change.after, f"{where}.after")
            changes.append(change)
        Change.objects.bulk_create(changes)

    def _subject(self, subject: str, of: Any, where: str) -> int:
        """The key of what a change is about; of the record itself where the file names nothing else."""
        if subject not in record_table.SUBJECTS:
            return self.patient.pk
        known = self.subjects.get(subject, {})
        expect(str(of) in known, f"{where}.of", "names something that is not in the file")
        return known[str(of)]

    def _snapshot(self, kept: Any, where: str) -> dict[str, Any]:
        """With the keys that the rows it names have here."""
        expect(isinstance(kept, dict), where, "not an object")
        keys: dict[str, Any] = {}
        try:
            for key, model in record_table.SNAPSHOT.items():
                if isinstance(kept.get(key), list):
                    keys[key] = [self._key(model, one) for one in kept[key]]
                elif key in kept:
                    keys[key] = self._key(model, kept[key])
        except (KeyError, TypeError):
            raise Unreadable(f"{where}: names something that is not in the file") from None
        return {**kept, **keys}

    def _key(self, model: type[models.Model], ref: Any) -> Any:
        return None if ref is None else self.find(model, ref).pk


def _stranger(raw: Mapping[str, Any], where: str) -> User:
    """Somebody as a role and a name. Nobody can sign in as them."""
    name, role = part(raw, "name", str, where), part(raw, "role", str, where)
    expect(role in ("", *Role.values), f"{where}.role", "is not what it should be")
    first, last = name, ""
    if len(name) > MOST_OF_A_NAME:
        first, _space, last = name.rpartition(" ")
    username = f"{role or 'someone'}-{secrets.token_hex(4)}"
    user = User(username=username, first_name=first, last_name=last, is_active=False)
    user.set_unusable_password()
    checked(user, ("first_name", "last_name"), where)
    return user


def _later(raw: Any, names: Iterable[str], where: str) -> dict[str, Any]:
    """The row without what it names of its own kind: that may stand further down."""
    for name in names:
        expect(name in raw, where, f"“{name}” is missing")
    return {**raw, **dict.fromkeys(names)}


def _bout(session: TherapySession, done: Iterable[SessionItem], *, rough: bool) -> Bout:
    """What a session that was never corrected came with."""
    return Bout(
        day=session.daily_log.day,
        strand=session.strand,
        minutes=session.minutes,
        activity=session.activity,
        items=tuple(item.program_item for item in done if item.program_item),
        body_areas=tuple(session.body_areas),
        slot=session.slot,
        started_at=session.started_at,
        rough=rough,
    )
