"""Plans that a therapist keeps by name: renamed, deleted. The editor makes them and starts from them."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from exercises.forms.plan_templates import TemplateForm
from exercises.models import ProgramTemplate, User
from exercises.queries.plans import templates
from exercises.services import plans as services
from exercises.views.activities import prescriber


@require_http_methods(["GET", "HEAD"])
def index(request: HttpRequest) -> HttpResponse:
    return _page(request, prescriber(request))


def _page(request: HttpRequest, user: User, wrong: TemplateForm | None = None, pk: int = 0) -> HttpResponse:
    """Each with a box for its name; ``wrong`` is what was typed into that of ``pk``."""
    rows = [
        (row, wrong if row.id == pk else TemplateForm(initial={"plan_name": row.name}))
        for row in templates(user)
    ]
    context = {"rows": rows}
    return render(request, "plan_templates/plan_templates.html", context, status=422 if wrong else 200)


@require_http_methods(["POST"])
def template(request: HttpRequest, pk: int) -> HttpResponse:
    """``do`` = ``delete``; else it gets the name that was typed."""
    user = prescriber(request)
    if request.POST.get("do") == "delete":
        services.delete_template(user=user, pk=pk)
        messages.success(request, _("Deleted. Programs that were made from it stay as they are."))
        return redirect("plan-templates")
    form = TemplateForm(request.POST)
    try:
        if form.is_valid():
            services.rename_template(user=user, pk=pk, name=form.cleaned_data["plan_name"])
            messages.success(request, _("Saved."))
            return redirect("plan-templates")
    except ProgramTemplate.DoesNotExist:
        raise Http404 from None
    except ValidationError as error:
        form.add_error("plan_name", error.messages)
    if not any(row.id == pk for row in templates(user)):
        raise Http404
    return _page(request, user, form, pk)
