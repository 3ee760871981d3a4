"""The closed lists that fields, forms and pages share. The stored values are part of the contract."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    PATIENT = "patient", _("teen")
    PARENT = "parent", _("parent")
    THERAPIST = "therapist", _("therapist")


class SeenAs(models.TextChoices):
    """In which role somebody looked: a link's, or an administrator's who broke the glass."""

    PATIENT = "patient", _("teen")
    PARENT = "parent", _("parent")
    THERAPIST = "therapist", _("therapist")
    ADMINISTRATOR = "administrator", _("administrator")


class PageKind(models.TextChoices):
    """What was looked at, as the list of who looked tells it."""

    RECORD = "record", _("the overview")
    DAYS = "days", _("days and entries")
    HISTORY = "history", _("weeks and months")
    PROGRAM = "program", _("the program")
    FUNCTION = "function", _("daily life and goals")
    WORDS = "words", _("notes and questions")
    TEAM = "team", _("the care team")
    SETTINGS = "settings", _("settings")
    EXPORT = "export", _("a copy of the record")


class EndReason(models.TextChoices):
    """Why a link to a record ended."""

    OWN = "own", _("left")
    ENDED = "ended", _("was taken off the team")
    SAFETY = "safety", _("was taken off the team by the clinic")
    HANDED_OVER = "handed_over", _("handed over to a colleague")
    SELF_MANAGED = "self_managed", _("paused when the record became self-managed")
    ADMINISTRATOR = "administrator", _("was taken off by an administrator")
    MERGED = "merged", _("moved to the record that is kept")


class Discipline(models.TextChoices):
    PHYSICAL = "pt", _("physical therapy")
    OCCUPATIONAL = "ot", _("occupational therapy")
    PSYCHOLOGY = "psychology", _("psychology")
    PHYSICIAN = "physician", _("physician")
    NURSING = "nursing", _("nursing")
    OTHER = "other", _("other")


class KeptBy(models.TextChoices):
    FAMILY = "family", _("the family")
    CLINIC = "clinic", _("the clinic")


class Strand(models.TextChoices):
    CARDIO = "cardio", _("Cardio")
    EXERCISES = "exercises", _("Exercises")
    DESENSITIZATION = "desensitization", _("Desensitization")
    STRESS = "stress", _("Stress management")


class Source(models.TextChoices):
    TAP = "tap", _("one tap")
    TYPED = "typed", _("typed in")
    TIMER = "timer", _("timer")
    GUIDED = "guided", _("guided session")
    GRID = "grid", _("the grid")
    SHEET = "sheet", _("from a paper sheet")


class Texture(models.TextChoices):
    """The fabric ladder, soft to rough (Children's Wisconsin)."""

    FEATHER = "feather", _("feather")
    COTTON_BALL = "cotton_ball", _("cotton ball")
    SILK = "silk", _("silk")
    VELVET = "velvet", _("velvet")
    CORDUROY = "corduroy", _("corduroy")
    TERRY = "terry", _("terry cloth")
    WOOL = "wool", _("wool")
    TOWEL = "towel", _("towel")
    HOOK_AND_LOOP = "hook_and_loop", _("hook-and-loop")


class BodyArea(models.TextChoices):
    HEAD = "head", _("head")
    NECK = "neck", _("neck")
    LEFT_SHOULDER = "left_shoulder", _("left shoulder")
    RIGHT_SHOULDER = "right_shoulder", _("right shoulder")
    LEFT_ARM = "left_arm", _("left arm")
    RIGHT_ARM = "right_arm", _("right arm")
    LEFT_HAND = "left_hand", _("left hand")
    RIGHT_HAND = "right_hand", _("right hand")
    CHEST = "chest", _("chest")
    BELLY = "belly", _("belly")
    BACK = "back", _("back")
    HIPS = "hips", _("hips")
    LEFT_LEG = "left_leg", _("left leg")
    RIGHT_LEG = "right_leg", _("right leg")
    LEFT_KNEE = "left_knee", _("left knee")
    RIGHT_KNEE = "right_knee", _("right knee")
    LEFT_FOOT = "left_foot", _("left foot")
    RIGHT_FOOT = "right_foot", _("right foot")


class ProgramKind(models.TextChoices):
    FULL = "full", _("active")
    KEEPING_UP = "keeping_up", _("keeping up")
    PAUSED = "paused", _("paused")
    DONE = "done", _("done")


class ExercisesBy(models.TextChoices):
    """What makes the exercises of a day complete."""

    MINUTES = "minutes", _("minutes")
    LIST = "list", _("the list done")


class AreasRule(models.TextChoices):
    """What the number of desensitization sessions counts for, where there are several body areas."""

    ALL = "all", _("all areas together")
    EACH = "each", _("each area")


class Pressure(models.TextChoices):
    LIGHT = "light", _("light")
    MEDIUM = "medium", _("medium")
    FIRM = "firm", _("firm")


class HarderRule(models.TextChoices):
    PIECES = "pieces", _("the same plan in small pieces")
    SMALLER = "smaller", _("a smaller plan")
    CALL = "call", _("call first")


class SlotSet(models.TextChoices):
    """Which days a routine slot is for; without one it is for its weekdays all the year."""

    SCHOOL = "school", _("school day")
    WEEKEND = "weekend", _("weekend")
    HOLIDAY = "holiday", _("holiday")
    OTHER_HOME = "other_home", _("other home")


class Side(models.TextChoices):
    LEFT = "left", _("left")
    RIGHT = "right", _("right")
    EACH = "each", _("each side")


class DayOffReason(models.TextChoices):
    ILL = "ill", _("ill")
    AWAY = "away", _("away")
    OTHER = "other", _("something else")


class DayOffAnswer(models.TextChoices):
    GRANTED = "granted", _("agreed")
    DECLINED = "declined", _("let's talk about it")


class School(models.TextChoices):
    ALL = "all", _("all day")
    PART = "part", _("part of the day")
    NONE = "none", _("not today")
    NO_SCHOOL = "no_school", _("no school today")


class MeasureKind(models.TextChoices):
    """What a therapist may measure; ``exercises.measures`` has the facts of each."""

    FDI = "fdi", _("Functional Disability Inventory, total")
    PROMIS = "promis_mobility", _("PROMIS Pediatric Mobility, T-score")
    WALK = "walk_6_min", _("6-minute walk")
    SIT_TO_STAND = "sit_to_stand", _("30-second sit-to-stand")
    STAIRS = "stairs", _("Up and down stairs")
    SINGLE_LEG = "single_leg", _("Single-leg stance")
    FLOOR_TO_STAND = "floor_to_stand", _("Floor to stand")
    STEP_UPS = "step_ups", _("Step-ups")
    BOX_CARRY = "box_carry", _("Box carry")
    BOX_LIFT = "box_lift", _("Box lift")
    SCHOOL = "school", _("School days")
    OWN = "own", _("Own measure")


class Better(models.TextChoices):
    HIGHER = "higher", _("more")
    LOWER = "lower", _("less")


class MilestoneKind(models.TextChoices):
    """What is counted: days on which a strand was done, whole days of school, steps and goals reached."""

    CARDIO = "cardio", _("days with cardio")
    EXERCISES = "exercises", _("days with exercises")
    DESENSITIZATION = "desensitization", _("days with desensitization")
    STRESS = "stress", _("days with stress management")
    SCHOOL = "school", _("whole days of school")
    STEPS = "steps", _("steps toward a goal")
    GOALS = "goals", _("goals")


class DailyLife(models.TextChoices):
    YES = "yes", _("yes")
    SOME = "some", _("some")
    NO = "no", _("not today")
