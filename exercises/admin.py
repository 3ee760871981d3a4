"""What an administrator needs: accounts, therapists' links, the catalogue. Records stay with their teams.

No patient is listed, searched for or named here: a link shows the record's code, and is made by typing it.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, ClassVar

from allauth.account.admin import EmailAddress
from allauth.account.decorators import reauthentication_required, secure_admin_login
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.admin import Authenticator
from allauth.usersessions.admin import UserSession
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from exercises import joining
from exercises.models import Activity, CareTeamMember, Patient, User
from exercises.models.choices import Role
from exercises.services import administration

# Roles belong to links; addresses, second factors and sign-ins to their owners: none has a page of its own.
admin.site.unregister([Group, EmailAddress, Authenticator, UserSession])
# One door: the site's own sign-in, with its limit on guesses.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

ADMINISTERS = ("is_staff", "is_superuser", "user_permissions")
RIGHTS = ("is_active", "is_clinician", *ADMINISTERS)


def _with_password(view: Callable[..., Any]) -> Callable[..., Any]:
    """Who changes accounts and teams shows the password again. What was sent does not wait in the session
    meanwhile, where it could be somebody's new password in plain text: the page is filled in again."""
    asking = reauthentication_required(allow_get=True)(view)

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return asking(request, *args, **kwargs)
        except ReauthenticationRequired:
            query = urlencode({"next": request.get_full_path()})
            return redirect(f"{reverse('account_reauthenticate')}?{query}")

    return guarded


with_password = method_decorator(_with_password)


def _administrator(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


class NothingIsDeleted(admin.ModelAdmin):  # type: ignore[type-arg]
    """Whoever entered something is switched off, and links end: nothing logged may lose its author."""

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    @with_password
    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return super().changelist_view(request, *args, **kwargs)

    @with_password
    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return super().changeform_view(request, *args, **kwargs)


@admin.register(User)
class PersonAdmin(NothingIsDeleted, UserAdmin):  # type: ignore[type-arg]
    """Accounts. Only a superuser touches superusers, or says who administers."""

    list_display = ("username", "first_name", "last_name", "is_clinician", "is_active", "is_staff")
    list_filter = ("is_clinician", "is_active", "is_staff")
    search_fields = ("username", "first_name", "last_name", "email")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email", "language")}),
        (
            _("Rights"),
            {"fields": ("is_active", "is_clinician", "is_staff", "is_superuser", "user_permissions")},
        ),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    filter_horizontal = ("user_permissions",)
    actions = ("reset_second_factor",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        rights = () if request.user.is_superuser else ADMINISTERS
        return ("last_login", "date_joined", *rights)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and bool(obj is None or not obj.is_superuser or request.user.is_superuser)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        changed = [name for name in RIGHTS if name in form.changed_data]
        administration.note_rights(user=obj, by=_administrator(request), changed=changed)

    @with_password
    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        response: HttpResponse = super().user_change_password(request, id, form_url)
        if request.method == "POST" and response.status_code == 302:
            user = User.objects.get(pk=id)
            administration.tell_of_password(user=user, by=_administrator(request))
        return response

    @admin.action(
        description=_("Take away the second sign-in step, for somebody who lost it"), permissions=["change"]
    )
    def reset_second_factor(self, request: HttpRequest, users: QuerySet[User]) -> None:
        """Not one's own, and a superuser's by a superuser only."""
        chosen = list(users.exclude(pk=_administrator(request).pk))
        allowed = [user for user in chosen if self.has_change_permission(request, user)]
        for user in allowed:
            administration.reset_second_factor(user=user, by=_administrator(request))
            self.log_change(request, user, "second factor reset")
        text = ngettext("%d person is told.", "%d people are told.", len(allowed)) % len(allowed)
        self.message_user(request, text, messages.SUCCESS if allowed else messages.WARNING)


class TherapistLinkForm(forms.ModelForm):  # type: ignore[type-arg]
    patient = forms.ModelChoiceField(
        Patient.objects.all(),
        to_field_name="code",
        widget=forms.TextInput,
        label=_("code of the record"),
        help_text=_("The therapist or the family finds it in the address of the record's pages."),
        error_messages={"invalid_choice": _("No record has this code.")},
    )
    user = forms.ModelChoiceField(
        User.objects.filter(is_clinician=True, is_active=True).order_by("username"), label=_("therapist")
    )

    class Meta:
        model = CareTeamMember
        fields = ("patient", "user", "discipline")

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        self.instance.role = Role.THERAPIST
        same = CareTeamMember.objects.filter(
            patient=cleaned.get("patient"), user=cleaned.get("user"), role=Role.THERAPIST, until=None
        )
        if self.instance.pk is None and same.exists():
            self.add_error("user", _("This therapist is on the team already."))
        patient, user = cleaned.get("patient"), cleaned.get("user")
        if self.instance.pk is None and patient and user:
            self._refuse_family(patient, user)
        return cleaned

    def _refuse_family(self, patient: Patient, user: User) -> None:
        if joining.why_not_join(user, patient, Role.THERAPIST) == joining.OTHER_ROLE:
            self.add_error("user", _("This person has, or had, another place on this team."))


@admin.register(CareTeamMember)
class TherapistLinkAdmin(NothingIsDeleted):
    """Therapists on teams; teens and parents are linked by those who know them."""

    form = TherapistLinkForm
    list_display = ("patient", "user", "discipline", "since", "until", "by_parent")
    list_filter = ("discipline", ("until", admin.EmptyFieldListFilter))
    list_select_related = ("patient", "user")
    search_fields = ("patient__code", "user__username")
    actions = ("end", "vouch")

    def get_queryset(self, request: HttpRequest) -> QuerySet[CareTeamMember]:
        return super().get_queryset(request).filter(role=Role.THERAPIST)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("patient", "user", "since", "until", "by_parent") if obj else ()

    def save_model(self, request: HttpRequest, obj: CareTeamMember, form: Any, change: bool) -> None:
        was = form.initial.get("discipline", "") if change else None
        administration.keep_link(link=obj, by=_administrator(request), was=was)

    @admin.action(description=_("End the chosen links now"), permissions=["change"])
    def end(self, request: HttpRequest, links: QuerySet[CareTeamMember]) -> None:
        ended = [link for link in links.select_related("patient", "user") if link.is_open]
        for link in ended:
            administration.end_link(link=link, by=_administrator(request))
            self.log_change(request, link, "ended")
        text = ngettext("%d link ended.", "%d links ended.", len(ended)) % len(ended)
        self.message_user(request, text, messages.SUCCESS)

    @admin.action(
        description=_("Say that the clinic knows the chosen therapists, whom parents brought"),
        permissions=["change"],
    )
    def vouch(self, request: HttpRequest, links: QuerySet[CareTeamMember]) -> None:
        brought = [link for link in links.select_related("patient", "user") if link.by_parent]
        for link in brought:
            administration.vouch(link=link, by=_administrator(request))
            self.log_change(request, link, "vouched for")
        text = ngettext("%d link changed.", "%d links changed.", len(brought)) % len(brought)
        self.message_user(request, text, messages.SUCCESS)


@admin.register(Activity)
class CatalogueAdmin(NothingIsDeleted):
    """The built-in activities come from files; what an installation decides is which of them it offers."""

    # Only of a therapist's own, which are not here.
    NOT_SHOWN = ("owner", "copy_of", "video")
    list_display = ("name", "strand", "category", "offered")
    list_filter = ("strand", "offered")
    list_editable = ("offered",)
    search_fields = ("name", "search")
    # The list's form is made of every field, whether it is shown or not.
    formfield_overrides: ClassVar = {models.URLField: {"assume_scheme": "https"}}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Activity]:
        return super().get_queryset(request).exclude(key=None)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return tuple(
            field.name for field in Activity._meta.fields if field.name not in ("offered", *self.NOT_SHOWN)
        )

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.NOT_SHOWN

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
