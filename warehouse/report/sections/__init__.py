"""The sections of the report, in the order in which they are read."""

from __future__ import annotations

from warehouse.report.section import Section
from warehouse.report.sections import (
    alerts,
    attribution,
    campaigns,
    channels,
    claims,
    cohorts,
    freshness,
    funnel,
    kpis,
    over_time,
    pacing,
    products,
)

SECTIONS: tuple[Section, ...] = (
    kpis.SECTION,
    alerts.SECTION,
    over_time.SECTION,
    claims.SECTION,
    funnel.SECTION,
    channels.SECTION,
    attribution.SECTION,
    campaigns.SECTION,
    pacing.SECTION,
    products.SECTION,
    cohorts.SECTION,
    freshness.SECTION,
)
