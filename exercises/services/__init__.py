"""Every write: keyword-only, typed, atomic. Views call these; nothing else changes a row."""
