"""More: a person's own page. Links by role, the look, the password, the way out."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from exercises import access
from exercises.forms.people import ThemeForm
from exercises.guideline import SOURCE
from exercises.models import User
from exercises.services import people


@require_http_methods(["GET", "HEAD", "POST"])
def more(request: HttpRequest) -> HttpResponse:
    """POST saves the look."""
    assert isinstance(request.user, User)
    posted = request.POST if request.method == "POST" else None
    form = ThemeForm(posted, initial={"theme": request.user.theme})
    if form.is_valid():
        people.set_theme(user=request.user, theme=form.cleaned_data["theme"])
        return redirect("more")
    viewer = access.own_viewer(request.user)
    if viewer is not None:
        viewer = access.as_in_session(viewer, request.session, reading=False)
    request.viewer = viewer  # type: ignore[attr-defined]
    context = {
        "form": form,
        "viewer": viewer,
        "children": access.patients_of(request.user, access.PARENT).order_by("name", "pk"),
        "source": SOURCE,
    }
    return render(request, "more/more.html", context, status=422 if form.errors else 200)
