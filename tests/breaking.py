"""The shipped app with one defect, for a look at its 500 page: `/` breaks for whoever is signed in."""

from typing import Any

from amps_tracker.wsgi import application  # noqa: F401  this is the module gunicorn serves
from exercises import access


def broken(*args: Any, **kwargs: Any) -> Any:
    raise RuntimeError("a defect")


access.roles_of = broken
