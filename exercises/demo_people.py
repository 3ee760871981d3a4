"""What the README publishes about the demo. Production refuses to start while one of these doors is open."""

DEMO_PEOPLE = ("maya", "dana", "lee")
DEMO_PASSWORD = "try-amps-tracker"
