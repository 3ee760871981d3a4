"""What is measured, on which data, and what it may cost."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from tests.bench.servers import Server

# As sign-in makes it, but known here: 32 letters and digits.
CSRF_TOKEN = "benchbenchbenchbenchbenchbench12"


@dataclass(frozen=True, slots=True)
class Page:
    """``ask`` sends one request and returns its status; ``at_most`` is a ratio to the bare page."""

    name: str
    ask: Callable[[Server], int]
    data: str = ""
    at_most: float = 0
    peers: str = ""
    status: int = 200


TEEN = "a teen with 400 days, 3,600 sessions"
# What well-made peers cost on the same measure.
PEERS = {
    "today": "Baby Buddy's dashboard 99, its day timeline 18; wger's dashboard 12",
    "form": "Baby Buddy's entry form 8",
    "history": "Baby Buddy's year report 30",
    "editor": "–",
    "family": "healthchecks' project list 6.3",
    "caseload": "healthchecks' list of 100 checks 30; wger's list of 60 members 26",
    "post": "Baby Buddy's entry 4.3",
}


def table(people: dict[str, Any]) -> list[Page]:
    """The pages of the README's table."""
    teen, family, poster = people["teen400"], people["family"], people["poster"]
    prescriber = people["caseload100"]
    record, today = f"/patients/{teen['patients'][0]}", datetime.now(UTC).date()
    last_month = f"{today.replace(day=1) - timedelta(days=1):%Y-%m}"
    # The year with most of the 400 days.
    month, year = f"history/?month={last_month}", f"history/?year={(today - timedelta(days=180)).year}"
    return [
        Page("Today", _get("/today/", teen), TEEN, 5.0, PEERS["today"]),
        Page("The form page", _get(f"{record}/sessions/new/", teen), "the same", 5.0, PEERS["form"]),
        Page("History, a month", _get(f"{record}/{month}", teen), "the same", 4.5, PEERS["history"]),
        Page("History, a year", _get(f"{record}/{year}", teen), "the same", 7.0, PEERS["history"]),
        Page("Family", _get("/family/", family), "3 children with the same", 5.0, PEERS["family"]),
        Page(
            "The program's editor",
            _get(f"/patients/{prescriber['patients'][0]}/program/edit/", prescriber),
            "11 activities",
            7.0,
            PEERS["editor"],
        ),
        *(
            Page(
                "Caseload",
                _get("/caseload/", people[f"caseload{size}"]),
                f"{size} patients × 180 days",
                9.0,
                PEERS["caseload"],
            )
            for size in (100, 500)
        ),
        Page("POST a session (JSON)", _post_session(poster), TEEN, 4.0, PEERS["post"], status=201),
    ]


GROWTH_DAYS = (40, 400, 4000)
GROWTH_AT_MOST = 1.2


def growth(people: dict[str, Any]) -> dict[str, list[Page]]:
    """Each page at 40, 400 and 4,000 days."""
    teens = [people[f"teen{days}"] for days in GROWTH_DAYS]
    lists = [people[f"growth{days}"] for days in GROWTH_DAYS]
    return {
        "Today": [Page("Today", _get("/today/", teen)) for teen in teens],
        "History, this month": [
            Page("Month", _get(f"/patients/{teen['patients'][0]}/history/", teen)) for teen in teens
        ],
        "Caseload": [Page("Caseload", _get("/caseload/", therapist)) for therapist in lists],
    }


def cookie(person: dict[str, Any]) -> str:
    return f"__Host-sessionid={person['session']}; __Host-csrftoken={CSRF_TOKEN}"


def _get(path: str, person: dict[str, Any]) -> Callable[[Server], int]:
    headers = {"Cookie": cookie(person)}
    return lambda server: server.get(path, headers)[0]


def _post_session(person: dict[str, Any]) -> Callable[[Server], int]:
    """A new session each time, spread over five weeks so that no day grows beyond what people log."""
    path, today, sent = f"/patients/{person['patients'][0]}/sessions/", datetime.now(UTC).date(), count()
    headers = {
        "Cookie": cookie(person),
        "X-CSRFToken": CSRF_TOKEN,
        "Origin": "https://localhost",
        "Accept": "application/json",
    }

    def ask(server: Server) -> int:
        day = today - timedelta(days=1 + next(sent) % 33)
        fields = {"id": str(uuid4()), "day": day.isoformat(), "strand": "cardio", "minutes": "15"}
        return server.post(path, urlencode(fields), headers)[0]

    return ask
