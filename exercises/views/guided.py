"""A guided session: one exercise at a time. Every step is a plain form; a script only keeps the clock."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from exercises import access, adherence
from exercises.access import Viewer, patient_view
from exercises.forms.stopwatch import GuidedMoveForm, GuidedStartForm
from exercises.http import answer_json, wants_json
from exercises.models import Stopwatch
from exercises.models.choices import Source
from exercises.queries import guided as queries
from exercises.queries import stopwatch as stopwatches
from exercises.services import guided as services
from exercises.services import stopwatch
from exercises.services.stopwatch import Ended
from exercises.views.stopwatch import after, done, taken, to, today_url, waited


@patient_view(access.LOG, post=access.LOG)
def guided(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    if request.method == "POST":
        return _start(request, viewer)
    watch = stopwatches.running_for(viewer)
    named = stopwatches.find(viewer, request.GET["id"]) if "id" in request.GET else None
    if wants_json(request):
        return _state(viewer)
    if watch is None and named is not None:
        return redirect(today_url(viewer))
    if watch is None:
        return _start_page(request, viewer)
    if not watch.program_id:
        return redirect("timer", viewer.patient.code)
    return _page(request, viewer, watch)


def _start_page(request: HttpRequest, viewer: Viewer, status: int = 200) -> HttpResponse:
    page = queries.start_page(viewer, timezone.now())
    return render(request, "guided/start.html", {"viewer": viewer, "page": page}, status=status)


def _page(request: HttpRequest, viewer: Viewer, watch: Stopwatch, status: int = 200) -> HttpResponse:
    context = {"viewer": viewer, "page": queries.guided_page(viewer, watch)}
    return render(request, "guided/guided.html", context, status=status)


def _start(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    page = queries.start_page(viewer, timezone.now())
    form = GuidedStartForm(request.POST)
    if not page.items or not form.is_valid():
        return _start_page(request, viewer, status=422)
    watch, started = stopwatch.start(
        viewer=viewer,
        strand=adherence.EXERCISES,
        source=Source.GUIDED,
        rough=form.cleaned_data["rough"] and page.may_be_rough,
        program=page.program,
        step=page.first,
    )
    if not started and stopwatches.running_for(viewer) is None:
        return taken(request, viewer)
    return to(viewer, watch)


@patient_view("", post=access.LOG)
def act(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """``do`` is set, next, back, or what every stopwatch has. A move says which ``step`` it is about, and
    ``set`` how many ``sets`` of it are done: sent twice, or late, it changes nothing."""
    watch = stopwatches.find(viewer, request.POST.get("id", ""))
    if watch is None and request.POST.get("id"):
        raise Http404
    if watch is None or not watch.program_id:
        return _start_page(request, viewer, status=422)
    form = GuidedMoveForm(request.POST)
    if form.is_valid():
        answer = _moved(request, viewer, _move(viewer, watch, form, waited(request)))
    else:
        answer = done(request, viewer, watch) or _page(request, viewer, watch, status=422)
    return (
        _state(viewer, url=answer["Location"])
        if wants_json(request) and answer.has_header("Location")
        else answer
    )


def _move(viewer: Viewer, watch: Stopwatch, form: GuidedMoveForm, waited: int) -> Ended:
    cleaned = form.cleaned_data
    where: dict[str, Any] = {"viewer": viewer, "client_id": watch.client_id, "step": cleaned["step"]}
    match cleaned["do"]:
        case "set":
            return services.set_done(**where, sets=cleaned["sets"], waited=waited)
        case "next":
            return services.go_on(**where, waited=waited)
    return services.go_back(**where)


def _moved(request: HttpRequest, viewer: Viewer, ended: Ended) -> HttpResponse:
    is_over = ended.asks or ended.watch.ended_at is not None
    return after(request, viewer, ended) if is_over else to(viewer, ended.watch)


def _state(viewer: Viewer, url: str = "") -> HttpResponse:
    """Where the guided session stands, for the script of a page that may have grown old; ``url`` is where a
    form would have led."""
    watch = stopwatches.running_for(viewer)
    return answer_json(200, "ok", state=queries.state_of(watch), url=url)
