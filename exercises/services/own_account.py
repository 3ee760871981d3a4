"""What people do about their own sign-ins."""

from allauth.usersessions.models import UserSession
from django.db import transaction

from exercises.models import User


@transaction.atomic
def end_sign_in(*, user: User, key: int, current: str) -> bool:
    """Ends one of the person's other sign-ins. ``False`` where there is no such one; ``current`` stays."""
    row = UserSession.objects.filter(user=user, pk=key).exclude(session_key=current).first()
    if row is None:
        return False
    row.end()
    return True
