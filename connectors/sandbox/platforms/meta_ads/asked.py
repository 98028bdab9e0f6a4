"""A question about insights: its parameters read, and the rules it has to keep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from connectors.sandbox.business.demographics import AGES, GENDERS
from connectors.sandbox.platforms.meta_ads.actions import LISTS, WINDOWS
from connectors.sandbox.platforms.meta_ads.delivery import COUNTRY, DEVICE, PLATFORM
from connectors.sandbox.platforms.meta_ads.errors import invalid, not_valid
from connectors.sandbox.platforms.meta_ads.filters import Condition, read_conditions
from connectors.sandbox.platforms.meta_ads.insight_fields import EMPTY, SUBJECT_FIELDS
from connectors.sandbox.platforms.meta_ads.metrics import METRICS
from connectors.sandbox.platforms.meta_ads.parameters import read_enum, read_texts, words
from connectors.sandbox.platforms.meta_ads.periods import Calendar, Span, read_periods

LEVELS = ("account", "campaign", "adset", "ad")
HOURLY = "hourly_stats_aggregated_by_advertiser_time_zone"
BREAKDOWNS = ("age", "gender", HOURLY, COUNTRY, PLATFORM, DEVICE)
# What can be asked together; `impression_device` needs the platform beside it.
_TOGETHER = (
    frozenset({"age", "gender"}),
    frozenset({HOURLY}),
    frozenset({COUNTRY}),
    frozenset({PLATFORM, DEVICE}),
)
_MOST_PLACES, _MOST_PLACEMENTS = 3, 10
# Windows that are still valid, of which this business has nothing.
_EMPTY_WINDOWS = (
    "1d_ev", "dda", "default", "custom", "skan_click", "skan_view", "skan_click_second_postback",
    "skan_view_second_postback", "skan_click_third_postback", "skan_view_third_postback",
)  # fmt: skip
_ACTION_BREAKDOWNS = words(
    "action_type action_device action_destination action_target_id action_reaction "
    "action_video_type action_video_sound action_carousel_card_id action_carousel_card_name "
    "action_canvas_component_name conversion_destination matched_persona_id matched_persona_name "
    "signal_source_bucket standard_event_content_type is_business_ai_assisted"
)
_REPORT_TIMES = ("impression", "mixed")
_PARAMETERS = frozenset(
    words(
        "access_token action_attribution_windows action_breakdowns action_report_time after "
        "appsecret_proof breakdowns date_preset default_summary export_columns "
        "export_format export_name fields filtering level limit method product_id_limit "
        "summary summary_action_breakdowns time_increment time_range "
        "use_account_attribution_setting use_unified_attribution_setting debug pretty format "
        "locale async"
    )
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that keeps the rules.

    Attributes:
        level: What a row is about.
        fields: What it shows, beside its dates and breakdowns.
        periods: The stretches of days, one row each.
        breakdowns: What rows are split by.
        windows: The attribution windows beside the default.
        action_breakdowns: What the entries of lists are split by beside their type.
        conditions: Which rows are wanted.
    """

    level: str
    fields: tuple[str, ...]
    periods: tuple[Span, ...]
    breakdowns: tuple[str, ...]
    windows: tuple[str, ...]
    action_breakdowns: tuple[str, ...]
    conditions: tuple[Condition, ...]

    @property
    def hourly(self) -> bool:
        """Whether rows are hours."""
        return HOURLY in self.breakdowns

    @property
    def by_delivery(self) -> bool:
        """Whether rows are split by where or on what ads were shown."""
        return not {COUNTRY, PLATFORM}.isdisjoint(self.breakdowns)

    @property
    def cells(self) -> int:
        """How many rows a subject has in a period at most."""
        if self.hourly:
            return 24
        if self.by_delivery:
            return _MOST_PLACES if COUNTRY in self.breakdowns else _MOST_PLACEMENTS
        ages = len(AGES) if "age" in self.breakdowns else 1
        return ages * (len(GENDERS) if "gender" in self.breakdowns else 1)


def read(params: Mapping[str, str], kind: str, calendar: Calendar) -> Asked:
    """Reads the parameters of a question.

    Args:
        params: As sent.
        kind: The kind of node whose insights are asked for.
        calendar: What days there are.

    Raises:
        GraphError: Code 100, or what else the broken rule has for a code.
    """
    level = read_enum("level", params.get("level") or kind, LEVELS)
    if LEVELS.index(level) < LEVELS.index(kind):
        raise invalid(f"level {level} is above the {kind} that is asked")
    for name in params:
        if name not in _PARAMETERS:
            raise invalid(f"Unknown parameter {name}")
    read_enum("action_report_time", params.get("action_report_time") or "mixed", _REPORT_TIMES)
    asked = Asked(
        level=level,
        fields=_fields(params, level),
        periods=read_periods(params, calendar),
        breakdowns=_breakdowns(params),
        windows=_windows(params),
        action_breakdowns=_action_breakdowns(params),
        conditions=read_conditions(params.get("filtering")),
    )
    _check_hours(asked)
    return asked


def _fields(params: Mapping[str, str], level: str) -> tuple[str, ...]:
    names = read_texts("fields", params.get("fields"))
    for name in names:
        if name in BREAKDOWNS:
            raise invalid(f"{name} is a breakdown and must not be listed in fields")
        if name not in (*METRICS, *LISTS, *SUBJECT_FIELDS) and name not in EMPTY:
            raise not_valid(name)
    return tuple(dict.fromkeys(names)) or (
        "account_id",
        *(f"{one}_id" for one in LEVELS[1 : LEVELS.index(level) + 1]),
        "impressions",
        "spend",
    )


def _breakdowns(params: Mapping[str, str]) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(read_texts("breakdowns", params.get("breakdowns"))))
    for name in names:
        read_enum("breakdowns", name, BREAKDOWNS)
    together = any(one.issuperset(names) for one in _TOGETHER)
    if not together or names == (DEVICE,):
        raise invalid(
            f"Current combination of data breakdown columns ({', '.join(sorted(names))}) is invalid"
        )
    return names


def _windows(params: Mapping[str, str]) -> tuple[str, ...]:
    names = read_texts("action_attribution_windows", params.get("action_attribution_windows"))
    for name in names:
        read_enum("action_attribution_windows", name, (*WINDOWS, *_EMPTY_WINDOWS))
    return tuple(name for name in WINDOWS if name in names)


def _action_breakdowns(params: Mapping[str, str]) -> tuple[str, ...]:
    names = read_texts("action_breakdowns", params.get("action_breakdowns"))
    for name in names:
        read_enum("action_breakdowns", name, _ACTION_BREAKDOWNS)
    return tuple(name for name in dict.fromkeys(names) if name != "action_type")


def _check_hours(asked: Asked) -> None:
    if not asked.hourly:
        return
    for name in asked.fields:
        metric = METRICS.get(name)
        if name.startswith(("video_", "unique_")) or (metric is not None and not metric.by_hour):
            raise invalid(f"{name} cannot be queried with the breakdown {HOURLY}")
