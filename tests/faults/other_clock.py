"""The app at the moment that ``CLOCK`` says."""

from tests.faults import clock  # isort: skip  (before any model takes the time)
from amps_tracker.wsgi import application

__all__ = ["application", "clock"]
