"""Which wording of the consent page counts now: a test holds the words and this together."""

WORDING = "2026-11"
