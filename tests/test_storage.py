"""SQLite in a mode that loses nothing: chosen by version, read back on a live connection."""

import sqlite3

import pytest
from django.db.utils import ConnectionHandler

from amps_tracker import storage
from amps_tracker.storage import Mode
from exercises import checks

WAL, DELETE = Mode("wal", "FULL"), Mode("delete", "EXTRA")


@pytest.mark.parametrize(
    ("version", "mode"),
    [
        ((3, 31, 1), DELETE),
        ((3, 40, 1), DELETE),
        ((3, 44, 5), DELETE),
        ((3, 44, 6), WAL),
        ((3, 45, 0), DELETE),
        ((3, 49, 9), DELETE),
        ((3, 50, 6), DELETE),
        ((3, 50, 7), WAL),
        ((3, 51, 2), DELETE),
        ((3, 51, 3), WAL),
        ((3, 52, 0), DELETE),
        ((3, 53, 0), WAL),
        ((3, 60, 0), WAL),
        ((4, 0, 0), WAL),
    ],
)
def test_wal_only_where_it_is_fixed(version, mode):
    assert storage.choose(version) == mode


def test_the_librarys_own_version_decides():
    assert storage.choose() == storage.choose(sqlite3.sqlite_version_info)


@pytest.fixture
def live(tmp_path, monkeypatch, django_db_blocker):
    """Makes a connection to a database file, with the given OPTIONS, and lets the checks see it."""
    opened = []

    def connect(options, name=tmp_path / "amps.sqlite3"):
        database = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(name), "OPTIONS": options}
        handler = ConnectionHandler({"default": database})
        monkeypatch.setattr(checks, "connections", handler)
        opened.append(handler)
        return handler["default"]

    with django_db_blocker.unblock():
        yield connect
        for handler in opened:
            handler.close_all()


def found():
    return [error.id for error in checks.storage_keeps_its_word(databases=["default"])]


@pytest.mark.parametrize(("mode", "level"), [(WAL, 2), (DELETE, 3)])
def test_the_mode_reads_back_on_a_live_connection(live, monkeypatch, mode, level):
    monkeypatch.setattr(storage, "choose", lambda: mode)
    live(storage.options(mode))
    checks.set_journal_mode(using="default")
    assert checks.read_modes("default") == (mode.journal, level)
    assert found() == []


def test_this_machines_mode_reads_back(live):
    connection = live(storage.options(storage.choose()))
    checks.set_journal_mode(using="default")
    assert found() == []
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA secure_delete").fetchone()[0] == 1
        assert cursor.execute("PRAGMA busy_timeout").fetchone()[0] == 20_000


def test_a_transaction_takes_its_lock_at_once(live, tmp_path):
    """DEFERRED would let two writers read, and one of them fail: "database is locked"."""
    connection = live(storage.options(storage.choose()))
    connection.ensure_connection()
    assert connection.transaction_mode == "IMMEDIATE"
    with sqlite3.connect(tmp_path / "amps.sqlite3", timeout=0) as other:
        connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        connection.rollback()
        connection.set_autocommit(True)
    other.close()


@pytest.mark.parametrize("options", [{}, {"timeout": 20, "transaction_mode": "IMMEDIATE"}])
def test_an_option_that_was_forgotten_is_told(live, options):
    live(options)
    checks.set_journal_mode(using="default")
    assert found() == ["exercises.E002"]


def test_an_option_in_the_wrong_place_is_told(live):
    """Django ignores what stands beside OPTIONS instead of in it."""
    connection = live({})
    connection.settings_dict["init_command"] = storage.options(storage.choose())["init_command"]
    checks.set_journal_mode(using="default")
    assert found() == ["exercises.E002"]


@pytest.mark.parametrize(("wanted", "other"), [(DELETE, "wal"), (WAL, "delete")])
def test_another_journal_mode_is_told_and_migrate_mends_it(live, monkeypatch, wanted, other):
    monkeypatch.setattr(storage, "choose", lambda: wanted)
    connection = live(storage.options(wanted))
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA journal_mode={other}")
    assert found() == ["exercises.E001"]
    assert "manage.py migrate" in str(checks.storage_keeps_its_word(databases=["default"])[0].hint)
    checks.set_journal_mode(using="default")
    assert found() == []


def test_a_database_in_memory_has_no_file_to_lose(live):
    live({}, name=":memory:")
    checks.set_journal_mode(using="default")
    assert found() == []


def test_no_database_asked_for_is_no_question():
    assert checks.storage_keeps_its_word(databases=None) == []


@pytest.mark.postgres
def test_postgresql_is_left_alone(db):
    checks.set_journal_mode(using="default")
    assert found() == []
