"""The names under which a sign-in session keeps what several rooms ask for."""

# True once a second factor (a passkey or a code) was shown, or set up, in this session.
SECOND_FACTOR = "second_factor"
# True while this session runs on a device that several people use.
SHARED_DEVICE = "shared_device"
# Seconds since 1970: when this session began, and when it was last used (kept coarsely).
SIGNED_IN_AT, SEEN_AT = "signed_in_at", "seen_at"
# [code of the record, key of the link whose eyes are borrowed]: "what my parent sees".
SEEING_AS = "seeing_as"
# The code of an invitation whose holder went to sign in, or to make an account.
PENDING_CODE = "pending_code"
# {what and key of a row: [plain code, seconds since 1970]}: to be shown and printed for a few minutes.
FRESH_CODES = "fresh_codes"
# In which role somebody comes in by themselves: a parent, or a teen who said to be old enough.
COMING_AS = "coming_as"
# [key of the person, seconds since 1970 until when]: a password may be chosen without the old one.
NEW_PASSWORD = "new_password"
