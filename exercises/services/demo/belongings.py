"""What a therapist has for all of their patients: an activity of their own, and a plan kept by name."""

from collections.abc import Mapping

from exercises.models import Activity, Patient, User
from exercises.queries.program import latest_version, plan_of
from exercises.services.plans import keep_template


def own_catalogue(therapist: User, patient: Patient, catalogue: Mapping[str, Activity]) -> None:
    """A wall sit with a ball, copied from the built-in one; and a plan to start from."""
    wall_sit = catalogue["wall-sit"]
    Activity.objects.create(
        owner=therapist,
        copy_of=wall_sit,
        strand=wall_sit.strand,
        category=wall_sit.category,
        name="Wall sit with a ball",
        how_to="Put a soft ball between your back and the wall.\nSlide down a little. Higher up is easier.\n"
        "Roll the ball as you go up and down, and keep breathing.",
        safety=wall_sit.safety,
        sets=2,
        hold_seconds=15,
        goal_sets=3,
        goal_hold_seconds=30,
        search="ball legs thighs wall squat",
        easier=wall_sit.easier,
        harder=wall_sit,
    )
    if latest := latest_version(patient):
        keep_template(user=therapist, name="The guideline, with a ladder", plan=plan_of(latest))
