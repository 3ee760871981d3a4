import datetime
import uuid

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import exercises.models.doing
import exercises.models.people
import exercises.models.program


class Migration(migrations.Migration):
    dependencies = [
        ("exercises", "0003_people_and_trust"),
    ]

    operations = [
        migrations.CreateModel(
            name="LadderMove",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("step", models.PositiveSmallIntegerField()),
                (
                    "entered_as",
                    models.CharField(
                        choices=[("patient", "teen"), ("parent", "parent"), ("therapist", "therapist")],
                        max_length=9,
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="ProgramTemplate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("plan", models.JSONField(validators=[exercises.models.doing.validate_plan])),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "ordering": ["name", "pk"],
            },
        ),
        migrations.CreateModel(
            name="RoutinePeriod",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "set",
                    models.CharField(
                        choices=[
                            ("school", "school day"),
                            ("weekend", "weekend"),
                            ("holiday", "holiday"),
                            ("other_home", "other home"),
                        ],
                        max_length=10,
                        verbose_name="for",
                    ),
                ),
                ("first", models.DateField(verbose_name="first day")),
                ("last", models.DateField(verbose_name="last day")),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["first", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Stopwatch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("client_id", models.UUIDField(default=uuid.uuid4)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("tap", "one tap"),
                            ("typed", "typed in"),
                            ("timer", "timer"),
                            ("guided", "guided session"),
                            ("grid", "the grid"),
                            ("sheet", "from a paper sheet"),
                        ],
                        default="timer",
                        max_length=6,
                    ),
                ),
                (
                    "strand",
                    models.CharField(
                        choices=[
                            ("cardio", "Cardio"),
                            ("exercises", "Exercises"),
                            ("desensitization", "Desensitization"),
                            ("stress", "Stress management"),
                        ],
                        max_length=15,
                    ),
                ),
                (
                    "body_areas",
                    models.JSONField(
                        blank=True, default=list, validators=[exercises.models.people.validate_body_areas]
                    ),
                ),
                (
                    "texture",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("feather", "feather"),
                            ("cotton_ball", "cotton ball"),
                            ("silk", "silk"),
                            ("velvet", "velvet"),
                            ("corduroy", "corduroy"),
                            ("terry", "terry cloth"),
                            ("wool", "wool"),
                            ("towel", "towel"),
                            ("hook_and_loop", "hook-and-loop"),
                        ],
                        max_length=20,
                    ),
                ),
                ("rough", models.BooleanField(default=False, verbose_name="on a rough surface")),
                ("step", models.PositiveSmallIntegerField(default=0)),
                ("done", models.JSONField(blank=True, default=list)),
                ("started_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("paused_at", models.DateTimeField(blank=True, null=True)),
                ("paused_seconds", models.PositiveIntegerField(default=0)),
                (
                    "entered_as",
                    models.CharField(
                        choices=[("patient", "teen"), ("parent", "parent"), ("therapist", "therapist")],
                        max_length=9,
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name_plural": "stopwatches",
            },
        ),
        migrations.RemoveConstraint(
            model_name="program",
            name="program_kind_known",
        ),
        migrations.RemoveConstraint(
            model_name="program",
            name="program_targets_in_range",
        ),
        migrations.AddField(
            model_name="activity",
            name="copy_of",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="copies",
                to="exercises.activity",
            ),
        ),
        migrations.AddField(
            model_name="activity",
            name="easier",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="exercises.activity",
            ),
        ),
        migrations.AddField(
            model_name="activity",
            name="goal_hold_seconds",
            field=models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(600),
                ],
                verbose_name="hold to build up to, seconds",
            ),
        ),
        migrations.AddField(
            model_name="activity",
            name="goal_minutes",
            field=models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(240),
                ],
                verbose_name="minutes to build up to",
            ),
        ),
        migrations.AddField(
            model_name="activity",
            name="goal_reps",
            field=models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(100),
                ],
                verbose_name="reps to build up to",
            ),
        ),
        migrations.AddField(
            model_name="activity",
            name="goal_sets",
            field=models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(20),
                ],
                verbose_name="sets to build up to",
            ),
        ),
        migrations.AddField(
            model_name="activity",
            name="harder",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="exercises.activity",
            ),
        ),
        migrations.AddField(
            model_name="activity",
            name="video",
            field=models.URLField(
                blank=True,
                max_length=300,
                validators=[django.core.validators.URLValidator(schemes=["https"])],
                verbose_name="link to a video",
            ),
        ),
        migrations.AddField(
            model_name="dailylog",
            name="exercise_minutes",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="patient",
            name="chime",
            field=models.BooleanField(default=True, verbose_name="a chime at the end of a hold or a rest"),
        ),
        migrations.AddField(
            model_name="patient",
            name="night_from",
            field=models.TimeField(blank=True, null=True, verbose_name="my day is done at"),
        ),
        migrations.AddField(
            model_name="patient",
            name="school_from",
            field=models.TimeField(
                blank=True, default=datetime.time(8, 0), null=True, verbose_name="school starts at"
            ),
        ),
        migrations.AddField(
            model_name="patient",
            name="school_until",
            field=models.TimeField(
                blank=True, default=datetime.time(15, 0), null=True, verbose_name="school ends at"
            ),
        ),
        migrations.AddField(
            model_name="patient",
            name="timer_hidden",
            field=models.BooleanField(default=False, verbose_name="hide the clock while I work"),
        ),
        migrations.AddField(
            model_name="program",
            name="accepted_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="program",
            name="areas_rule",
            field=models.CharField(
                choices=[("all", "all areas together"), ("each", "each area")],
                default="all",
                max_length=4,
                verbose_name="this number is for",
            ),
        ),
        migrations.AddField(
            model_name="program",
            name="exercises_by",
            field=models.CharField(
                choices=[("minutes", "minutes"), ("list", "the list done")],
                default="minutes",
                max_length=7,
                verbose_name="exercises are done by",
            ),
        ),
        migrations.AddField(
            model_name="program",
            name="flare_plan",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="exercises.program",
            ),
        ),
        migrations.AddField(
            model_name="program",
            name="ladder",
            field=models.JSONField(
                blank=True,
                default=list,
                validators=[exercises.models.program.validate_ladder],
                verbose_name="texture ladder",
            ),
        ),
        migrations.AddField(
            model_name="program",
            name="ladder_by_teen",
            field=models.BooleanField(default=False, verbose_name="the teen may go a step up"),
        ),
        migrations.AddField(
            model_name="program",
            name="ladder_starts_at",
            field=models.PositiveSmallIntegerField(
                default=1,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(20),
                ],
                verbose_name="starts at step",
            ),
        ),
        migrations.AddField(
            model_name="program",
            name="smaller_cardio",
            field=models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(240),
                ],
                verbose_name="cardio on a harder day",
            ),
        ),
        migrations.AddField(
            model_name="program",
            name="smaller_desensitization",
            field=models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(60),
                ],
                verbose_name="desensitization on a harder day",
            ),
        ),
        migrations.AddField(
            model_name="program",
            name="smaller_exercises",
            field=models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(240),
                ],
                verbose_name="exercises on a harder day",
            ),
        ),
        migrations.AddField(
            model_name="program",
            name="smaller_stress",
            field=models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(20),
                ],
                verbose_name="stress management on a harder day",
            ),
        ),
        migrations.AddField(
            model_name="program",
            name="talk_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="program",
            name="talk_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="program",
            name="touch_areas",
            field=models.JSONField(
                blank=True,
                default=list,
                validators=[exercises.models.people.validate_body_areas],
                verbose_name="areas for desensitization",
            ),
        ),
        migrations.AddField(
            model_name="program",
            name="week_cardio",
            field=models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(7),
                ],
                verbose_name="cardio, days a week",
            ),
        ),
        migrations.AddField(
            model_name="program",
            name="week_desensitization",
            field=models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(7),
                ],
                verbose_name="desensitization, days a week",
            ),
        ),
        migrations.AddField(
            model_name="program",
            name="week_exercises",
            field=models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(7),
                ],
                verbose_name="exercises, days a week",
            ),
        ),
        migrations.AddField(
            model_name="program",
            name="week_stress",
            field=models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(7),
                ],
                verbose_name="stress management, days a week",
            ),
        ),
        migrations.AddField(
            model_name="routineslot",
            name="set",
            field=models.CharField(
                blank=True,
                choices=[
                    ("school", "school day"),
                    ("weekend", "weekend"),
                    ("holiday", "holiday"),
                    ("other_home", "other home"),
                ],
                max_length=10,
                verbose_name="for",
            ),
        ),
        migrations.AddField(
            model_name="therapysession",
            name="together_with",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="together",
                to="exercises.therapysession",
            ),
        ),
        migrations.AlterField(
            model_name="program",
            name="desensitization",
            field=models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(60),
                ],
                verbose_name="desensitization, times a day",
            ),
        ),
        migrations.AlterField(
            model_name="program",
            name="harder_rule",
            field=models.CharField(
                choices=[
                    ("pieces", "the same plan in small pieces"),
                    ("smaller", "a smaller plan"),
                    ("call", "call first"),
                ],
                default="pieces",
                max_length=10,
                verbose_name="on a harder day",
            ),
        ),
        migrations.AlterField(
            model_name="program",
            name="kind",
            field=models.CharField(
                choices=[
                    ("full", "active"),
                    ("keeping_up", "keeping up"),
                    ("paused", "paused"),
                    ("done", "done"),
                ],
                default="full",
                max_length=10,
                verbose_name="kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="program",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["full", "keeping_up", "paused", "done"])),
                name="program_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="program",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("cardio", None), ("cardio__range", (1, 240)), _connector="OR"),
                    models.Q(("exercises", None), ("exercises__range", (1, 240)), _connector="OR"),
                    models.Q(("desensitization", None), ("desensitization__range", (1, 60)), _connector="OR"),
                    models.Q(("stress", None), ("stress__range", (1, 20)), _connector="OR"),
                    ("desensitization_minutes__range", (1, 60)),
                ),
                name="program_targets_in_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="program",
            constraint=models.CheckConstraint(
                condition=models.Q(("exercises_by__in", ["minutes", "list"])),
                name="program_exercises_by_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="program",
            constraint=models.CheckConstraint(
                condition=models.Q(("areas_rule__in", ["all", "each"])), name="program_areas_rule_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="program",
            constraint=models.CheckConstraint(
                condition=models.Q(("harder_rule__in", ["pieces", "smaller", "call"])),
                name="program_harder_rule_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="program",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("harder_rule", "smaller"), _negated=True),
                    ("smaller_cardio__isnull", False),
                    ("smaller_exercises__isnull", False),
                    ("smaller_desensitization__isnull", False),
                    ("smaller_stress__isnull", False),
                    _connector="OR",
                ),
                name="program_smaller_has_a_number",
            ),
        ),
        migrations.AddConstraint(
            model_name="program",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("smaller_cardio", None), ("smaller_cardio__range", (1, 240)), _connector="OR"),
                    models.Q(
                        ("smaller_exercises", None), ("smaller_exercises__range", (1, 240)), _connector="OR"
                    ),
                    models.Q(
                        ("smaller_desensitization", None),
                        ("smaller_desensitization__range", (1, 60)),
                        _connector="OR",
                    ),
                    models.Q(("smaller_stress", None), ("smaller_stress__range", (1, 20)), _connector="OR"),
                ),
                name="program_smaller_in_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="program",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "keeping_up"), _negated=True),
                    ("week_cardio__isnull", False),
                    ("week_exercises__isnull", False),
                    ("week_desensitization__isnull", False),
                    ("week_stress__isnull", False),
                    _connector="OR",
                ),
                name="program_keeping_up_has_a_number",
            ),
        ),
        migrations.AddConstraint(
            model_name="program",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("week_cardio", None), ("week_cardio__range", (1, 7)), _connector="OR"),
                    models.Q(("week_exercises", None), ("week_exercises__range", (1, 7)), _connector="OR"),
                    models.Q(
                        ("week_desensitization", None),
                        ("week_desensitization__range", (1, 7)),
                        _connector="OR",
                    ),
                    models.Q(("week_stress", None), ("week_stress__range", (1, 7)), _connector="OR"),
                ),
                name="program_week_in_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="program",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("accepted_at", None), ("accepted_by", None)),
                    ("accepted_at__isnull", False),
                    _connector="OR",
                ),
                name="program_accepted_at_and_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="program",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("talk_at", None), ("talk_by", None)),
                    models.Q(("talk_at__isnull", False), ("talk_by__isnull", False)),
                    _connector="OR",
                ),
                name="program_talk_at_and_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="routineslot",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("set", ""), ("set__in", ["school", "weekend", "holiday", "other_home"]), _connector="OR"
                ),
                name="slot_set_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="therapysession",
            constraint=models.CheckConstraint(
                condition=models.Q(("together_with", None), ("strand", "desensitization"), _connector="OR"),
                name="session_together_is_desensitization",
            ),
        ),
        migrations.AddField(
            model_name="laddermove",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="laddermove",
            name="patient",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="ladder_moves",
                to="exercises.patient",
            ),
        ),
        migrations.AddField(
            model_name="laddermove",
            name="program",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="ladder_moves",
                to="exercises.program",
            ),
        ),
        migrations.AddField(
            model_name="programtemplate",
            name="owner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="program_templates",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="routineperiod",
            name="patient",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="routine_periods",
                to="exercises.patient",
            ),
        ),
        migrations.AddField(
            model_name="routineperiod",
            name="set_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="stopwatch",
            name="activity",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="exercises.activity",
            ),
        ),
        migrations.AddField(
            model_name="stopwatch",
            name="ended_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="stopwatch",
            name="patient",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="stopwatches",
                to="exercises.patient",
            ),
        ),
        migrations.AddField(
            model_name="stopwatch",
            name="program",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="exercises.program",
            ),
        ),
        migrations.AddField(
            model_name="stopwatch",
            name="session",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="stopwatch",
                to="exercises.therapysession",
            ),
        ),
        migrations.AddField(
            model_name="stopwatch",
            name="slot",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="exercises.routineslot",
            ),
        ),
        migrations.AddField(
            model_name="stopwatch",
            name="started_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="laddermove",
            constraint=models.CheckConstraint(
                condition=models.Q(("step__gte", 1)), name="ladder_step_from_1"
            ),
        ),
        migrations.AddConstraint(
            model_name="programtemplate",
            constraint=models.UniqueConstraint(
                fields=("owner", "name"),
                name="template_name_once_per_owner",
                violation_error_message="You have a template with this name already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="routineperiod",
            constraint=models.CheckConstraint(
                condition=models.Q(("set__in", ("holiday", "other_home"))), name="routine_period_set_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="routineperiod",
            constraint=models.CheckConstraint(
                condition=models.Q(("first__lte", models.F("last"))), name="routine_first_before_last"
            ),
        ),
        migrations.AddConstraint(
            model_name="stopwatch",
            constraint=models.UniqueConstraint(
                fields=("patient", "client_id"), name="stopwatch_id_once_per_patient"
            ),
        ),
        migrations.AddConstraint(
            model_name="stopwatch",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)), fields=("patient",), name="stopwatch_one_running"
            ),
        ),
        migrations.AddConstraint(
            model_name="stopwatch",
            constraint=models.CheckConstraint(
                condition=models.Q(("source__in", ("timer", "guided"))), name="stopwatch_source_timed"
            ),
        ),
        migrations.AddConstraint(
            model_name="stopwatch",
            constraint=models.CheckConstraint(
                condition=models.Q(("strand__in", ["cardio", "exercises", "desensitization", "stress"])),
                name="stopwatch_strand_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="stopwatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at", None), ("ended_by", None), ("session", None)),
                    models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                    _connector="OR",
                ),
                name="stopwatch_ended_at_and_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="stopwatch",
            constraint=models.CheckConstraint(
                condition=models.Q(("rough", False), ("strand", "exercises"), _connector="OR"),
                name="stopwatch_rough_is_exercises",
            ),
        ),
    ]
