"""Going from one version of the tables to the next, and back, with rows in them: nobody's work is lost."""

from datetime import UTC, date, datetime

BEFORE = ("exercises", "0003_people_and_trust")
AFTER = ("exercises", "0005_exercise_minutes")
NOON = datetime(2026, 11, 20, 18, tzinfo=UTC)
DAY = date(2026, 11, 20)
WHAT_CAME_BACK = ("exercises", "0006_what_came_back")
GUIDELINE = {"cardio": 15, "exercises": 30, "desensitization": 5}


class Tables:
    """The models as a version has them, with one patient and one person."""

    def __init__(self, state):
        self.model = lambda name: state.apps.get_model("exercises", name)

    def people(self):
        self.user = self.model("User").objects.create(username="lee")
        self.patient = self.model("Patient").objects.create(name="Maya", zone="UTC")
        return self

    def program(self, version, **fields):
        starts_on = date(2026, 1, version)
        row = {"patient": self.patient, "version": version, "starts_on": starts_on, **GUIDELINE, **fields}
        return self.model("Program").objects.create(**row)

    def day(self, program, day=DAY, **totals):
        return self.model("DailyLog").objects.create(
            patient=self.patient, day=day, program=program, sessions=1, **totals
        )

    def session(self, log, number, strand="exercises", minutes=30, **fields):
        return self.model("TherapySession").objects.create(
            patient=self.patient,
            client_id=f"00000000-0000-4000-8000-{number:012}",
            digest=str(number) * 64,
            daily_log=log,
            strand=strand,
            minutes=minutes,
            recorded_at=NOON,
            received_at=NOON,
            zone="UTC",
            entered_by=self.user,
            entered_as="patient",
            **fields,
        )

    def all(self, name, *columns):
        return list(self.model(name).objects.order_by("pk").values_list(*columns))


# Of what was done, what both versions know.
SESSION = ("pk", "client_id", "digest", "minutes", "daily_log_id", "strand")
TOTALS = ("cardio", "desensitization", "stress", "sessions", "harder", "program_id")


def test_the_program_and_doing_it_there_and_back_and_there_again(migrator):
    """One long way: each stretch of it takes seconds."""
    old = Tables(migrator.apply_initial_migration(BEFORE)).people()
    _rows_of_the_older_version(old)
    before = old.all("TherapySession", *SESSION)
    new = Tables(migrator.apply_tested_migration(AFTER))
    assert new.all("TherapySession", *SESSION) == before
    _check_there(new)

    new.user, new.patient = new.model("User").objects.get(), new.model("Patient").objects.get()
    _rows_of_the_newer_version(new)
    before, totals = new.all("TherapySession", *SESSION), new.all("DailyLog", *TOTALS)
    assert len(before) == 3
    old = Tables(migrator.apply_tested_migration(BEFORE))
    assert (old.all("TherapySession", *SESSION), old.all("DailyLog", *TOTALS)) == (before, totals)
    _check_back(old)

    new = Tables(migrator.apply_tested_migration(AFTER))
    assert (new.all("TherapySession", *SESSION), new.all("DailyLog", *TOTALS)) == (before, totals)
    minutes = [(25, 25), (30, 30), (40, 40), (0, 0), (0, 0)]
    assert new.all("DailyLog", "exercises", "exercise_minutes") == minutes
    assert {row[0] for row in new.all("Program", "exercises_by")} == {"minutes"}


def _rows_of_the_older_version(old):
    kinds = [old.program(n, kind=kind) for n, kind in enumerate(("full", "paused", "done"), 1)]
    log = old.day(kinds[0], exercises=25, cardio=10)
    old.session(log, 1, minutes=25)
    old.model("RoutineSlot").objects.create(patient=old.patient, name="shower", at="07:15")


def _check_there(new):
    """Minutes of exercises have a column of their own; what is new asks for nothing else than before."""
    assert new.all("DailyLog", "exercises", "exercise_minutes", "cardio") == [(25, 25, 10)]
    assert new.all("Program", "kind", "exercises_by", "areas_rule", "harder_rule", "ladder") == [
        (kind, "minutes", "all", "pieces", []) for kind in ("full", "paused", "done")
    ]
    assert new.all("RoutineSlot", "name", "set") == [("shower", "")]
    assert new.all("Patient", "chime", "timer_hidden", "night_from") == [(True, False, None)]


def _rows_of_the_newer_version(new):
    full = new.model("Program").objects.get(version=1)
    by_list = new.program(4, exercises_by="list", exercises=8, accepted_at=NOON, accepted_by=new.user)
    areas = new.program(5, desensitization=30, areas_rule="each", touch_areas=["left_foot", "right_foot"])
    smaller = new.program(6, harder_rule="smaller", smaller_cardio=5, talk_at=NOON, talk_by=new.user)
    new.program(7, harder_rule="call")
    new.program(8, kind="keeping_up", week_cardio=3, flare_plan=full)
    new.day(full, date(2026, 11, 19), exercises=30, exercise_minutes=30)
    log = new.day(by_list, date(2026, 11, 18), exercises=6, exercise_minutes=40, desensitization=1)
    new.day(areas, date(2026, 11, 17), desensitization=27)
    new.day(smaller, date(2026, 11, 16), cardio=6, harder=True)
    together = new.session(log, 2, minutes=40)
    new.session(log, 3, "desensitization", 40, together_with=together)
    by = {"patient": new.patient, "entered_as": "patient"}
    new.model("Stopwatch").objects.create(strand="cardio", started_by=new.user, **by)
    new.model("LadderMove").objects.create(program=full, step=2, by=new.user, **by)


def _check_back(old):
    """What the older version has no word for is the nearest thing that it knows."""
    assert old.all("Program", "version", "kind", "exercises", "desensitization", "harder_rule")[3:] == [
        (4, "full", None, 5, "pieces"),
        (5, "full", 30, 20, "pieces"),
        (6, "full", 30, 5, "pieces"),
        (7, "full", 30, 5, "pieces"),
        (8, "paused", 30, 5, "pieces"),
    ]
    assert old.all("DailyLog", "exercises") == [(25,), (30,), (40,), (0,), (0,)]
    assert old.all("Program", "accepted_at")[3] == (NOON,)


# Of what came back, what both versions know.
GOAL = ("pk", "client_id", "text", "set_on", "reached_on", "private", "added_by_id")
DAY_LIFE = ("pk", "day", "school", "friends", "activities", "home", "harder")
WORDS = ("pk", "client_id", "text", "author_id", "answered_at")
LINK = ("pk", "user_id", "role", "since", "until")


def test_what_came_back_there_and_back_and_there_again(migrator):
    old = Tables(migrator.apply_initial_migration(AFTER)).people()
    _life_of_the_older_version(old)
    before = _life(old)
    new = Tables(migrator.apply_tested_migration(WHAT_CAME_BACK))
    assert _life(new) == before
    _check_nothing_is_asked(new)

    new.user, new.patient = new.model("User").objects.get(), new.model("Patient").objects.get()
    _life_of_the_newer_version(new)
    before = _life(new)
    old = Tables(migrator.apply_tested_migration(AFTER))
    assert _life(old) == before

    new = Tables(migrator.apply_tested_migration(WHAT_CAME_BACK))
    assert _life(new) == before
    _check_nothing_is_asked(new)
    for name in ("GoalStep", "FunctionMeasure", "Intention", "Milestone", "Cheer"):
        assert new.all(name) == []


def _life(tables):
    return [
        tables.all("FunctionGoal", *GOAL),
        tables.all("DailyLog", *DAY_LIFE),
        tables.all("Question", *WORDS),
        tables.all("CareTeamMember", *LINK),
    ]


def _life_of_the_older_version(old):
    by = {"patient": old.patient, "added_by": old.user}
    old.model("FunctionGoal").objects.create(text="Choir", set_on=DAY, reached_on=DAY, **by)
    old.model("FunctionGoal").objects.create(text="Lake", set_on=DAY, private=True, **by)
    old.day(old.program(1), school="part", friends="some", home="yes")
    written = {"patient": old.patient, "author": old.user, "entered_as": "patient"}
    old.model("Question").objects.create(day=DAY, text="May I swim?", **written)
    old.model("CareTeamMember").objects.create(patient=old.patient, user=old.user, role="patient")


def _check_nothing_is_asked(new):
    """What is new is off, empty, and said to nobody."""
    assert set(new.all("FunctionGoal", "sign", "set_aside_on")) == {("", None)}
    assert set(new.all("DailyLog", "bed_at", "up_at")) == {(None, None)}
    assert new.all("Question", "may_be_said") == [(False,)]
    assert new.all("CareTeamMember", "muted_at") == [(None,)]
    settings = ("sleep_on", "plain_look", "parents_from", "parents_from_asked", "last_cheer_on")
    assert new.all("Patient", *settings) == [(False, False, None, None, None)]


def _life_of_the_newer_version(new):
    by = {"patient": new.patient, "added_by": new.user}
    aside = {"sign": "I stay", "set_aside_on": DAY}
    goal = new.model("FunctionGoal").objects.create(text="Fly", set_on=DAY, **aside, **by)
    new.model("GoalStep").objects.create(goal=goal, text="Jump", set_on=DAY, reached_on=DAY, **by)
    new.model("FunctionMeasure").objects.create(
        kind="walk_6_min", value=520, taken_on=DAY, entered_as="therapist", **by
    )
    row = {"patient": new.patient, "entered_as": "patient"}
    new.model("Intention").objects.create(week=DAY, text="Lunch with Ines", author=new.user, **row)
    new.model("Cheer").objects.create(day=DAY, text="Glad you came", by=new.user, **row)
    new.model("Milestone").objects.create(patient=new.patient, kind="steps", number=1, day=DAY)
    new.model("DailyLog").objects.update(bed_at="22:30", up_at="07:00")
    new.model("Question").objects.update(may_be_said=True)
    new.model("CareTeamMember").objects.update(muted_at=NOON)
    new.model("Patient").objects.update(
        sleep_on=True, plain_look=True, parents_from="17:00", parents_from_asked="18:00", last_cheer_on=DAY
    )
