from django.contrib import admin
from django.urls import include, path

from exercises.views import account

urlpatterns = [
    # Before allauth's own, which takes away a clinician's last second factor.
    path("accounts/2fa/webauthn/keys/<int:pk>/remove/", account.remove_passkey, name="mfa_remove_webauthn"),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("", include("exercises.urls")),
]

handler400 = "exercises.views.errors.bad_request"
handler403 = "exercises.views.errors.forbidden"
handler404 = "exercises.views.errors.not_found"
# allauth's name for it, looked for here.
handler429 = "exercises.views.errors.too_many"
handler500 = "exercises.views.errors.server_error"
