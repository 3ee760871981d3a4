from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("", include("exercises.urls")),
]

handler400 = "exercises.views.errors.bad_request"
handler403 = "exercises.views.errors.forbidden"
handler404 = "exercises.views.errors.not_found"
handler500 = "exercises.views.errors.server_error"
