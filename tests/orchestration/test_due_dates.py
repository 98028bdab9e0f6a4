"""What is due: checked against the rule said in another way, date by date."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from connectors.core.window import Window
from orchestration.due.dates import date_ranges, due_dates

NOW = datetime(2026, 11, 16, 6, tzinfo=UTC)
ZONES = ["UTC", "Pacific/Auckland", "America/New_York", "Asia/Kolkata"]
START = date(2026, 9, 1)


def _due(coverage: dict[date, datetime], zone: str = "UTC", lookback: int = 30) -> list[date]:
    return due_dates(coverage, start=START, now=NOW, time_zone=zone, lookback_days=lookback)


def test_everything_since_the_start_is_due_at_first() -> None:
    due = _due({})
    assert due[0] == START
    assert due[-1] == NOW.date()
    assert len(due) == (NOW.date() - START).days + 1


def test_today_is_the_accounts_own() -> None:
    late = datetime(2026, 11, 16, 23, tzinfo=UTC)
    arguments = {"start": START, "now": late, "lookback_days": 3}
    assert due_dates({}, time_zone="Pacific/Auckland", **arguments)[-1] == date(2026, 11, 17)
    assert due_dates({}, time_zone="America/New_York", **arguments)[-1] == date(2026, 11, 16)


def test_a_settled_date_is_left_alone_and_the_lookback_is_pulled_again() -> None:
    yesterday = NOW - timedelta(days=1)
    days = (NOW.date() - START).days
    coverage = {START + timedelta(days=n): yesterday for n in range(days)}
    due = _due(coverage)
    # 30 days were young when they were fetched yesterday; today was never fetched.
    assert due[0] == yesterday.date() - timedelta(days=30)
    assert len(due) == 32


def test_nothing_is_due_twice_at_the_same_instant() -> None:
    coverage = {START + timedelta(days=n): NOW for n in range((NOW.date() - START).days + 1)}
    assert _due(coverage) == []


def test_an_hour_later_today_and_yesterday_are_due() -> None:
    an_hour_ago = NOW - timedelta(hours=1)
    days = [START + timedelta(days=n) for n in range((NOW.date() - START).days + 1)]
    assert _due(dict.fromkeys(days, an_hour_ago)) == days[-2:]
    # In Auckland it was yesterday still, seven hours ago: all of the lookback is due once more.
    before_midnight = NOW - timedelta(hours=20)
    due = _due(dict.fromkeys(days, before_midnight), "Pacific/Auckland")
    assert due[0] == date(2026, 10, 16)


def test_an_account_that_failed_for_longer_than_the_lookback_catches_up() -> None:
    then = NOW - timedelta(days=50)
    coverage = {START + timedelta(days=n): then for n in range((then.date() - START).days + 1)}
    due = _due(coverage)
    # What was last seen unsettled is due again, though it lies before today's lookback.
    assert due[0] == max(START, then.date() - timedelta(days=30))
    assert due == [due[0] + timedelta(days=n) for n in range(len(due))]
    assert due[-1] == NOW.date()


def test_a_sync_from_the_future_settles_nothing() -> None:
    """The clock stood a month ahead once: what it pulled then is due again, as ever."""
    ahead = NOW + timedelta(days=35)
    coverage = {START + timedelta(days=n): ahead for n in range(112)}
    due = _due(coverage)
    assert due[0] == NOW.date() - timedelta(days=30)
    assert due[-1] == NOW.date()


@given(
    coverage=st.dictionaries(
        st.dates(START, NOW.date()),
        st.integers(-40 * 24, 80 * 24).map(lambda hours: NOW - timedelta(hours=hours))
        | st.integers(-30, 30).map(lambda hours: NOW - timedelta(hours=hours)),
    ),
    zone=st.sampled_from(ZONES),
    lookback=st.integers(0, 40),
)
def test_due_is_the_rule(coverage: dict[date, datetime], zone: str, lookback: int) -> None:
    today = NOW.astimezone(ZoneInfo(zone)).date()
    expected = set()
    for n in range((today - START).days + 1):
        day = START + timedelta(days=n)
        fetched = coverage.get(day)
        if fetched is None:
            expected.add(day)
            continue
        settles = day + timedelta(days=lookback)
        midnight = datetime.combine(today, time(), ZoneInfo(zone))
        is_seen_today = midnight <= fetched < NOW
        if fetched == NOW or (is_seen_today and day < today - timedelta(days=1)):
            continue
        if min(fetched, NOW).astimezone(ZoneInfo(zone)).date() <= settles:
            expected.add(day)
    due = _due(coverage, zone, lookback)
    assert set(due) == expected
    assert due == sorted(due)


@given(st.sets(st.dates(date(2026, 1, 1), date(2026, 4, 1))), st.integers(1, 20))
def test_ranges_tile_the_dates_without_gap_or_overlap(days: set[date], chunk: int) -> None:
    pieces = [
        piece
        for start, end in date_ranges(sorted(days))
        for piece in Window(start, end).split(chunk)
    ]
    covered = [day for piece in pieces for day in piece.days()]
    assert covered == sorted(days)
    assert all(len(piece.days()) <= chunk for piece in pieces)
