"""CPU seconds of a server's processes per request, always beside the bare page of the same moment."""

from statistics import median

from tests.bench.pages import Page
from tests.bench.servers import Server


def warm_up(server: Server, pages: list[Page]) -> None:
    """Threads have their connection, templates are compiled, and each page answers as meant."""
    for page in pages:
        for _ in range(8):
            _ask(server, page)


def ratios(
    app: Server, pages: list[Page], bare: Server, bare_page: Page, *, rounds: int, count: int
) -> list[list[float]]:
    """For each page its ratio to the bare page, once a round: blocks of bare and page take turns."""
    found: list[list[float]] = [[] for _ in pages]
    for _ in range(rounds):
        for page, into in zip(pages, found, strict=True):
            beside = cost(bare, bare_page, 2 * count)
            into.append(cost(app, page, count) / beside)
    return found


def cost(server: Server, page: Page, count: int) -> float:
    before = server.cpu_seconds()
    for _ in range(count):
        _ask(server, page)
    return (server.cpu_seconds() - before) / count


def growth(columns: list[list[float]]) -> tuple[float, ...]:
    """How the cost grows from the first column to each: medians over the rounds."""
    first = columns[0]
    return tuple(median(one / base for one, base in zip(column, first, strict=True)) for column in columns)


def _ask(server: Server, page: Page) -> None:
    status = page.ask(server)
    if status != page.status:
        raise RuntimeError(f"{page.name} ({page.data}) answered {status}, not {page.status}.")
