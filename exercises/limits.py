"""How often somebody may try: counted in the shared cache, so over all workers and machines."""

from hashlib import sha256

from django.core.cache import cache


def hit(key: str, limit: int, seconds: int) -> bool:
    """Counts one try under ``key``; ``False`` when ``limit`` of them were counted in the last ``seconds``.

    Each try takes one of ``limit`` places, which falls free again after ``seconds``. ``add`` lets one of two
    tries at once have a place, where a number that is read and written back would lose one.
    """
    taken = cache.get_many(_places(key, limit))
    return any(cache.add(place, 1, seconds) for place in _places(key, limit) if place not in taken)


def full(key: str, limit: int) -> bool:
    """Whether the next ``hit`` would be refused; counts nothing."""
    return len(cache.get_many(_places(key, limit))) >= limit


def _places(key: str, limit: int) -> list[str]:
    """``key`` may hold an address or a name: what is stored does not show it."""
    name = sha256(key.encode()).hexdigest()
    return [f"limit:{name}:{place}" for place in range(limit)]
