"""Three modes, told by the environment; production refuses to start half-configured and says why."""

import json
import re
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from amps_tracker import storage
from tests.servers import APP, Site, own_database

IMPORT = f"import {APP}"


@pytest.fixture
def site(tmp_path):
    """An installation that was never migrated: enough to ask its settings."""
    return Site(tmp_path, f"sqlite:///{tmp_path / 'amps.sqlite3'}")


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A migrated one, behind a proxy."""
    folder = tmp_path_factory.mktemp("installed")
    with own_database(folder) as url:
        site = Site(folder, url, SSL_REDIRECT="1", TRUSTED_PROXIES="1", ALLOWED_HOSTS="amps.example.org")
        site.migrate()
        yield site


def told(site, expression, **environment):
    """What an expression over `settings` is, in a process of its own."""
    code = f"import json; from django.conf import settings; print(json.dumps({expression}))"
    done = site.python("-c", code, **environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def starts(site, **environment):
    return site.python("-c", IMPORT, **environment).returncode == 0


@pytest.mark.parametrize("name", ["SECRET_KEY", "FIELD_KEY", "ALLOWED_HOSTS"])
@pytest.mark.parametrize("command", [["-c", IMPORT], ["manage.py", "check"]])
def test_production_says_which_setting_it_needs(site, name, command):
    done = site.python(*command, **{name: ""})
    assert done.returncode != 0
    assert f"ImproperlyConfigured: Set {name}" in done.stderr


def test_demo_mode_needs_a_key_too_but_no_host(site):
    del site.env["ALLOWED_HOSTS"]
    assert "127.0.0.1" in told(site, "settings.ALLOWED_HOSTS", DEMO="1")
    assert "Set SECRET_KEY" in site.python("-c", IMPORT, DEMO="1", SECRET_KEY="").stderr


def test_development_needs_no_host(site):
    del site.env["ALLOWED_HOSTS"]
    assert told(site, "[settings.DEBUG, settings.PRODUCTION]", DEBUG="1") == [True, False]


def with_lee(site, deed):
    code = f"from exercises.models import User; lee = User.objects.filter(username='lee'); {deed}"
    done = site.manage("shell", "-v", "0", "-c", code)
    assert done.returncode == 0, done.stderr


def test_a_demo_account_stops_production_and_nothing_else(installed):
    with_lee(installed, "User.objects.create_user('lee', password='try-amps-tracker')")
    done = installed.python("-c", IMPORT)
    assert done.returncode != 0
    assert "demo account" in done.stderr
    assert "another password: lee" in done.stderr
    assert "exercises.E003" in installed.manage("check", "--deploy").stderr
    assert starts(installed, DEMO="1")
    assert starts(installed, DEBUG="1")
    with_lee(installed, "one = lee.get(); one.set_password('another long password'); one.save()")
    assert starts(installed)


@pytest.mark.sqlite
def test_a_server_refuses_a_journal_that_can_lose_entries(installed):
    other = "delete" if storage.choose().journal == "wal" else "wal"
    code = f"from django.db import connection; connection.cursor().execute('PRAGMA journal_mode={other}')"
    assert installed.manage("shell", "-v", "0", "-c", code).returncode == 0
    done = installed.python("-c", IMPORT)
    assert done.returncode != 0
    assert f"journal mode is {other}" in done.stderr
    assert installed.manage("migrate", "--verbosity", "0").returncode == 0
    assert starts(installed)


@pytest.mark.parametrize("mode", [("wal", "FULL"), ("delete", "EXTRA")])
def test_a_new_file_gets_the_mode_of_its_library(site, mode):
    """As with another version of SQLite: its choice stands before anything else is loaded."""
    code = f"from amps_tracker import storage; storage.choose = lambda: storage.Mode{mode}; "
    code += "from django.core.management import execute_from_command_line as run; "
    code += "run(['manage.py', 'migrate', '--verbosity', '0']); "
    code += "run(['manage.py', 'check', '--database', 'default'])"
    done = site.python("-c", code)
    assert done.returncode == 0, done.stderr


def test_a_server_starts_while_the_database_is_away(site, tmp_path):
    assert starts(site, DATABASE_URL=f"postgres://nobody@/nothing?host={tmp_path}")


COOKIES = "[getattr(settings, f'{which}_COOKIE_{fact}') for fact in ('NAME', 'SECURE') "
COOKIES += "for which in ('SESSION', 'CSRF')]"


def test_cookies_of_a_demo_work_over_plain_http(site):
    assert told(site, COOKIES, DEMO="1") == ["sessionid", "csrftoken", False, False]


def test_cookies_of_production_are_bound_to_host_and_https(site):
    assert told(site, COOKIES) == ["__Host-sessionid", "__Host-csrftoken", True, True]
    assert told(site, "[settings.SESSION_COOKIE_HTTPONLY, settings.SESSION_COOKIE_SAMESITE]") == [True, "Lax"]


def test_production_is_what_comes_without_a_word(site):
    modes = "[settings.DEBUG, settings.DEMO, settings.PRODUCTION]"
    assert told(site, modes, DEMO="", DEBUG="") == [False, False, True]


def test_row_24_the_deploy_check_is_clean(installed):
    done = installed.manage("check", "--deploy", "--database", "default", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


ROOT = Path(__file__).resolve().parent.parent


def listed(name, follow):
    """The requirements in a file, and in those that it names with one of the options `follow`."""
    for line in (ROOT / name).read_text().splitlines():
        option, _, other = line.partition(" ")
        if option in follow:
            yield from listed(other, follow)
        elif line and line[0] not in "#-":
            yield Requirement(line)


def locked():
    """Each package's one exact version, by the files."""
    versions: dict[str, str] = {}
    for wanted in listed("requirements-dev.txt", {"-r", "-c"}):
        (only,) = wanted.specifier
        name = canonicalize_name(wanted.name)
        assert only.operator == "==", f"{wanted} is no exact version"
        assert name not in versions, f"{name} is pinned twice"
        versions[name] = only.version
    return versions


def needed():
    """The installed version of each package that the direct ones need here, and of those."""
    versions = {}
    waiting = [
        (wanted, extra) for wanted in listed("requirements-dev.txt", {"-r"}) for extra in ("", *wanted.extras)
    ]
    seen = set()
    while waiting:
        wanted, extra = waiting.pop()
        name = canonicalize_name(wanted.name)
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        found = distribution(name)
        versions[name] = found.version
        for line in found.requires or ():
            deeper = Requirement(line)
            if deeper.marker is None or deeper.marker.evaluate({"extra": extra}):
                waiting += [(deeper, more) for more in ("", *deeper.extras)]
    return versions


def test_row_24_every_dependency_is_locked_at_the_version_tested():
    assert needed() == locked()


def test_row_24_what_runs_takes_the_locked_versions():
    assert (ROOT / "requirements.txt").read_text().startswith("-c constraints.txt\n")


@pytest.mark.parametrize("name", ["README.md", ".env.example"])
def test_every_setting_is_told(name):
    asked = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', (ROOT / "amps_tracker" / "settings.py").read_text()))
    assert {"SECRET_KEY", "DATABASE_URL", "TOMBSTONES"} <= asked
    told = (ROOT / name).read_text()
    assert [setting for setting in sorted(asked) if not re.search(rf"\b{setting}\b", told)] == []


def test_the_database_may_be_postgresql_behind_a_socket(site):
    code = "from django.db import connection; print(connection.vendor, connection.get_connection_params())"
    url = "postgres://amps@/clinic?host=/run/postgresql"
    told = site.python("-c", f"import django; django.setup(); {code}", DATABASE_URL=url).stdout
    for part in (
        "postgresql",
        "'host': '/run/postgresql'",
        "'user': 'amps'",
        "'dbname': 'clinic'",
        "'connect_timeout': 5",
    ):
        assert part in told


def test_forwarded_headers_count_only_behind_a_proxy(site):
    asked = "getattr(settings, 'SECURE_PROXY_SSL_HEADER', None)"
    assert told(site, asked) is None
    assert told(site, asked, TRUSTED_PROXIES="1") == ["HTTP_X_FORWARDED_PROTO", "https"]
