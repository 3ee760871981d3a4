from django.urls import include, path

from exercises.views import days, home, sessions

patient = [
    path("sessions/", sessions.create, name="sessions"),
    path("sessions/new/", sessions.new, name="session-new"),
    path("sessions/<uuid:client_id>/", sessions.edit, name="session"),
    path("sessions/<uuid:client_id>/void/", sessions.void, name="session-void"),
    path("days/<str:day>/", days.day, name="day"),
]

urlpatterns = [
    path("", home.home, name="home"),
    path("healthz", home.healthz, name="healthz"),
    path("patients/<uuid:code>/", include(patient)),
]
