"""Notes and questions: what somebody wants to say, read at the next visit."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from exercises import access
from exercises.access import Viewer, patient_view
from exercises.forms.words import NoteForm, QuestionForm, SayForm
from exercises.http import named_return
from exercises.queries import words as queries
from exercises.services import words as services

NOTES_SHOWN = timedelta(days=35)


@patient_view(access.SEE)
def index(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Questions, and the notes of the last weeks, as far as they are the viewer's to read."""
    return _page(request, viewer)


def _page(request: HttpRequest, viewer: Viewer, status: int = 200) -> HttpResponse:
    today = viewer.patient.today()
    context = {
        "viewer": viewer,
        "questions": queries.questions(viewer),
        "notes": queries.notes_between(viewer, today - NOTES_SHOWN, today),
        "sees_notes": viewer.may(access.SEE_WORDS),
        "may_note": viewer.may(access.WRITE_NOTE),
        "may_ask": viewer.may(access.ASK),
        "may_answer": viewer.may(access.ANSWER),
    }
    return render(request, "words/words.html", context, status=status)


@patient_view(access.WRITE_NOTE, post=access.WRITE_NOTE)
def note_new(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """``?day=`` fills in the day."""
    initial = {"day": request.GET.get("day") or viewer.patient.today().isoformat()}
    form = NoteForm(_posted(request), viewer=viewer, initial=initial)
    if request.method != "POST":
        return render(request, "words/note.html", {"form": form, "viewer": viewer})
    if not form.is_valid():
        return render(request, "words/note.html", {"form": form, "viewer": viewer}, status=422)
    cleaned = form.cleaned_data
    services.write_note(
        viewer=viewer, day=cleaned["day"], text=cleaned["text"], to=cleaned["to"], form_id=cleaned["id"]
    )
    messages.success(request, _("Saved. It is here for the next visit."))
    return redirect("day", viewer.patient.code, cleaned["day"].isoformat())


@patient_view(access.ASK, post=access.ASK)
def question_new(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    form = QuestionForm(_posted(request), viewer=viewer)
    if request.method != "POST":
        return render(request, "words/question.html", {"form": form, "viewer": viewer})
    if not form.is_valid():
        return render(request, "words/question.html", {"form": form, "viewer": viewer}, status=422)
    cleaned = form.cleaned_data
    services.ask_question(
        viewer=viewer,
        text=cleaned["text"],
        to=cleaned["to"],
        may_be_said=cleaned["may_be_said"],
        form_id=cleaned["id"],
    )
    messages.success(request, _("Saved. It is here for the next visit."))
    return redirect("words", viewer.patient.code)


@patient_view("", post=access.ASK)
def question_say(request: HttpRequest, viewer: Viewer, pk: int) -> HttpResponse:
    """Its author says whether it may be read out with the others in the room."""
    question = queries.own_question(viewer, pk)
    if question is None:
        raise Http404
    form = SayForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose one of the two answers."))
        return _page(request, viewer, status=422)
    services.say_question(
        viewer=viewer, question=question, may_be_said=form.cleaned_data["may_be_said"] == "yes"
    )
    return redirect("words", viewer.patient.code)


@patient_view("", post=access.ANSWER)
def question_answer(request: HttpRequest, viewer: Viewer, pk: int) -> HttpResponse:
    question = queries.question(viewer, pk)
    if question is None:
        raise Http404
    services.answer_question(viewer=viewer, question=question)
    return redirect(named_return(request, "words", "patient"), viewer.patient.code)


def _posted(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None
