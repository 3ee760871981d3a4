import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from exercises.models import CareTeamMember, Patient
from tests import factories
from tests.conftest import signed_in
from tests.worlds import rows


def test_it_opens_a_record_that_its_team_can_use(db, capsys):
    teen, parent = factories.user("ines"), factories.user("rosa")
    therapist = factories.user("kit", is_clinician=True)
    people = {"teen": "ines", "parent": ["ROSA"], "therapist": ["kit"]}
    call_command("open_record", "Ines V.", zone="Europe/Madrid", **people)
    patient = Patient.objects.get()
    assert (patient.name, patient.zone, patient.kept_by) == ("Ines V.", "Europe/Madrid", "clinic")
    assert str(patient.code) in capsys.readouterr().out
    for user in (teen, parent):
        client = signed_in(user)
        client.post(reverse("consent", args=[patient.code]), {"agree": "yes"})
        assert client.get(reverse("patient", args=[patient.code])).status_code == 200
    assert signed_in(therapist).get(reverse("patient", args=[patient.code])).status_code == 200
    assert signed_in(teen).get(reverse("today")).status_code == 200


def test_a_family_keeps_its_own(db):
    factories.user("rosa")
    call_command("open_record", "Bo", zone="UTC", parent=["rosa"])
    assert Patient.objects.get().kept_by == "family"


@pytest.mark.parametrize(
    ("name", "zone", "people", "reason"),
    [
        ("Bo", "Mars/Olympus", {"parent": ["dana"]}, "time zone"),
        ("", "UTC", {"parent": ["dana"]}, "blank"),
        ("x" * 61, "UTC", {"parent": ["dana"]}, "60"),
        ("Bo", "UTC", {"parent": ["nobody-here"]}, "no account named nobody-here"),
        ("Bo", "UTC", {"therapist": ["dana"]}, "dana is no clinician"),
        ("Bo", "UTC", {}, "at least one person"),
        ("Bo", "UTC", {"teen": "maya"}, "already"),
        ("Bo", "UTC", {"parent": ["dana", "dana"]}, "already"),
    ],
)
def test_it_refuses_and_leaves_nothing_behind(cast, name, zone, people, reason):
    before = rows()
    with pytest.raises(CommandError, match=reason):
        call_command("open_record", name, zone=zone, **people)
    assert rows() == before
    assert CareTeamMember.objects.count() == 6
