"""Dataclasses and rows as files. Built for a viewer: what they may not see was left out where it was read."""
