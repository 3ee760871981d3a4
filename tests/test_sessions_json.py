import uuid

from django.urls import reverse

JSON = {"Accept": "application/json"}


def post(client, patient, **data):
    data = {"id": str(uuid.uuid4()), "day": patient.today().isoformat(), "strand": "cardio", "minutes": "15"} | data
    return client.post(reverse("sessions", args=[patient.code]), data, headers=JSON)


def test_it_records_and_a_resend_is_harmless(teen, patient):
    first = post(teen, patient, id=(one := str(uuid.uuid4())))
    again = post(teen, patient, id=one)
    other = post(teen, patient, id=one, minutes="16")
    assert [r.status_code for r in (first, again, other)] == [201, 200, 409]
    assert first.json()["code"] == "recorded"
    assert patient.daily_logs.get().cardio == 15
