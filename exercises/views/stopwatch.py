"""The timer: start, pause, "I forgot to start it", stop. The server has the clock; the page only shows it."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from exercises import access
from exercises.access import Viewer, patient_view
from exercises.forms.stopwatch import EarlierForm, HowLongForm, StartForm, StartPageForm, WaitedForm
from exercises.models import Stopwatch
from exercises.queries import stopwatch as queries
from exercises.services import stopwatch as services
from exercises.services.stopwatch import Answer, Ended


@patient_view(access.LOG, post=access.LOG)
def timer(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """What runs, or the form that starts it. ``?id=`` names one that may be over by now, ``?strand=`` fills
    in the form, ``?ask=`` and ``?leave=`` are questions about the one that runs."""
    if request.method == "POST":
        return _start(request, viewer)
    watch = queries.running_for(viewer) or _named(viewer, request.GET)
    if watch is None:
        initial = {"strand": request.GET.get("strand", "")}
        return _start_page(request, viewer, StartPageForm(**_judged_by(viewer), initial=initial))
    if watch.ended_at is None and "ask" in request.GET:
        return _how_long(request, viewer, watch)
    if watch.ended_at is None and "leave" in request.GET:
        return _page(request, viewer, watch, "stopwatch/leave.html")
    if watch.ended_at is None and watch.program:
        return redirect("guided", viewer.patient.code)
    return _page(request, viewer, watch)


def _named(viewer: Viewer, address: Mapping[str, str]) -> Stopwatch | None:
    return queries.find(viewer, address["id"]) if "id" in address else None


def _judged_by(viewer: Viewer) -> dict[str, Any]:
    return {"viewer": viewer, "received_at": timezone.now()}


def _start(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    form = StartForm(request.POST, **_judged_by(viewer))
    if not form.is_valid():
        page = StartPageForm(request.POST, **_judged_by(viewer))
        page.show_errors_of(form)
        return _start_page(request, viewer, page, status=422)
    cleaned = form.cleaned_data
    _watch, started = services.start(
        viewer=viewer,
        strand=cleaned["strand"],
        activity=cleaned["activity"],
        slot=cleaned["slot"],
        body_areas=tuple(dict.fromkeys(cleaned["body_areas"])),
        texture=cleaned["texture"],
        rough=cleaned["rough"],
        minutes_ago=cleaned["ago"] or 0,
    )
    if not started and queries.running_for(viewer) is None:
        return taken(request, viewer)
    if not started:
        messages.info(request, _("This one runs already. Stop it before you start another."))
    return redirect("timer", viewer.patient.code)


def _start_page(request: HttpRequest, viewer: Viewer, form: StartPageForm, status: int = 200) -> HttpResponse:
    return render(request, "stopwatch/start.html", {"viewer": viewer, "form": form}, status=status)


def _page(
    request: HttpRequest,
    viewer: Viewer,
    watch: Stopwatch,
    template: str = "stopwatch/timer.html",
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    context = {
        "viewer": viewer,
        "timed": queries.timed(viewer, watch, timezone.now()),
        "earlier": EarlierForm(**_judged_by(viewer)),
        **context,
    }
    return render(request, template, context, status=status)


def _how_long(
    request: HttpRequest, viewer: Viewer, watch: Stopwatch, form: HowLongForm | None = None, status: int = 200
) -> HttpResponse:
    """What the clock says is filled in, so that nothing is lost; the person says how long it was."""
    if form is None:
        guess = queries.guess(viewer, watch, timezone.now())
        form = HowLongForm(**_judged_by(viewer), initial={"minutes": guess.minutes, "day": guess.day})
    return _page(request, viewer, watch, "stopwatch/how_long.html", status, form=form)


@patient_view("", post=access.LOG)
def act(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """``do`` is pause, resume, earlier, stop or leave; ``id`` says which one was meant."""
    watch = queries.find(viewer, request.POST.get("id", ""))
    if watch is None:
        if request.POST.get("id"):
            raise Http404
        messages.info(request, _("Nothing is running."))
        return redirect("timer", viewer.patient.code)
    return done(request, viewer, watch) or _page(request, viewer, watch, status=422)


def done(request: HttpRequest, viewer: Viewer, watch: Stopwatch) -> HttpResponse | None:
    """The answer to a button that every stopwatch has, guided or not; ``None`` for an unknown one."""
    which: dict[str, Any] = {"viewer": viewer, "client_id": watch.client_id}
    match request.POST.get("do"):
        case "pause":
            services.pause(**which, waited=waited(request))
        case "resume":
            services.resume(**which, waited=waited(request))
        case "earlier":
            return _set_earlier(request, viewer, watch)
        case "stop":
            return _stop(request, viewer, watch)
        case "leave" if "sure" not in request.POST and watch.ended_at is None:
            return redirect(f"{reverse('timer', args=[viewer.patient.code])}?leave=1")
        case "leave":
            return after(request, viewer, services.leave(**which))
        case _:
            return None
    return to(viewer, watch)


def waited(request: HttpRequest) -> int:
    """Seconds that the button waited for a signal; none where it says nothing that can be."""
    form = WaitedForm(request.POST)
    return form.cleaned_data["waited"] or 0 if form.is_valid() else 0


def taken(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """One runs that this person does not see yet: on to the form, which needs no timer."""
    messages.info(request, _("The timer cannot be used right now. You can type in what you did."))
    return redirect("session-new", viewer.patient.code)


def to(viewer: Viewer, watch: Stopwatch) -> HttpResponse:
    """Back to where this one is shown, also when it ended meanwhile."""
    name = "guided" if watch.program_id else "timer"
    return redirect(f"{reverse(name, args=[viewer.patient.code])}?id={watch.client_id}")


def _set_earlier(request: HttpRequest, viewer: Viewer, watch: Stopwatch) -> HttpResponse:
    form = EarlierForm(request.POST, **_judged_by(viewer))
    if not form.is_valid():
        return _page(request, viewer, watch, status=422, earlier=form)
    changed = services.set_earlier(
        viewer=viewer, client_id=watch.client_id, minutes_ago=form.cleaned_data["ago"]
    )[1]
    if not changed:
        messages.info(request, _("It has been running for as long as that already."))
    return to(viewer, watch)


def _stop(request: HttpRequest, viewer: Viewer, watch: Stopwatch) -> HttpResponse:
    answer = None
    if "minutes" in request.POST and watch.ended_at is None:
        form = HowLongForm(request.POST, **_judged_by(viewer))
        if not form.is_valid():
            return _how_long(request, viewer, watch, form, status=422)
        answer = Answer(form.cleaned_data["minutes"], form.cleaned_data["day"])
    ended = services.stop(viewer=viewer, client_id=watch.client_id, answer=answer, waited=waited(request))
    return after(request, viewer, ended)


def after(request: HttpRequest, viewer: Viewer, ended: Ended) -> HttpResponse:
    """Where a stopwatch leads that was ended: now, before, or not yet, because of a question."""
    if ended.asks:
        return redirect(f"{reverse('timer', args=[viewer.patient.code])}?ask=1")
    if ended.now and ended.session:
        return redirect(f"{today_url(viewer)}?saved={ended.session.client_id}")
    messages.info(request, _said(ended))
    return redirect(today_url(viewer))


def _said(ended: Ended) -> str:
    if ended.session:
        return _("It was stopped already. %(minutes)s min are saved.") % {"minutes": ended.session.minutes}
    if ended.now:
        return _("Left. Nothing was saved.")
    return _("It was left already. Nothing was saved.")


def today_url(viewer: Viewer) -> str:
    if viewer.is_teen:
        return reverse("today")
    return reverse("patient-today", args=[viewer.patient.code])
