"""Rows as the wire carries them, made for speed.

All that is the same for a subject (names, ids, statuses) becomes text once; a row is that text, the
text of its period and one %-template with its figures. Nothing here knows where figures come from.
"""

from __future__ import annotations

from typing import Any

import orjson

from connectors.sandbox.platforms.google_ads.fields import (
    ATTRIBUTES,
    NETWORK_TYPE,
    PERIODS,
    RESOURCE_NAMES,
    camel,
    resource_of,
)
from connectors.sandbox.platforms.google_ads.metrics import METRICS
from connectors.sandbox.platforms.google_ads.network import DEVICES
from connectors.sandbox.platforms.google_ads.networks import NETWORKS
from connectors.sandbox.platforms.google_ads.result import Found
from connectors.sandbox.platforms.google_ads.subjects import Subject
from connectors.sandbox.platforms.google_ads.views import REGION, region_name
from connectors.sandbox.tables.results import Rows


class Renderer:
    """Renders the rows of one result.

    Attributes:
        subjects: What rows can be about.
        mask: The paths of the selected fields, as a response's `fieldMask` carries them.
    """

    def __init__(self, found: Found) -> None:
        asked = found.asked
        self._found, self.subjects = found, found.subjects
        self.mask = ",".join(
            ".".join(camel(part) for part in name.split(".")) for name in asked.query.select
        )
        self._heads: dict[int, str] = {}
        self._fields = [
            (attribute, [camel(part) for part in attribute.name.split(".")])
            for attribute in (ATTRIBUTES[name] for name in asked.attributes)
        ]
        bare = "omit_unselected_resource_names" in asked.query.parameters
        touched = [asked.resource.name, *(resource_of(name) for name in asked.attributes)]
        if any(name.startswith("ad_group_ad.ad.") for name in asked.attributes):
            touched.append("ad_group_ad.ad")
        self._touched = [
            (RESOURCE_NAMES[name], [camel(part) for part in name.split(".")])
            for name in dict.fromkeys(() if bare else touched)
        ]
        metrics = [METRICS[name] for name in asked.metrics]
        self._plain = [metric for metric in metrics if not metric.ratio]
        self._ratios = [metric for metric in metrics if metric.ratio]
        self._timed = any(name in PERIODS for name in asked.segments)
        self._hourly = "segments.hour" in asked.segments
        self._by_device = "segments.device" in asked.segments
        self._by_network = NETWORK_TYPE in asked.segments
        self._by_region = REGION in asked.segments
        self._template = self._row_template()

    def rows(self, first: int, count: int) -> tuple[list[str], bool]:
        """Returns so many rows from a position on, each as JSON text, and whether more follow."""
        rows, more = self._found.result.rows(first, count)
        return self._texts(rows), more

    def _texts(self, rows: Rows) -> list[str]:
        columns: list[list[Any]] = [[self._head(one) for one in rows.subject.tolist()]]
        if self._timed:
            texts = [period.text for period in self._found.periods]
            columns.append([texts[number] for number in rows.period.tolist()])
        if self._hourly:
            columns.append(rows.cells[0].tolist())
        if self._by_device:
            columns.append([DEVICES[position] for position in rows.cells[1].tolist()])
        if self._by_network:
            columns.append([NETWORKS[position] for position in rows.cells[2].tolist()])
        if self._by_region:
            columns.append([region_name(self.subjects[one]) for one in rows.subject.tolist()])
        columns.extend(metric.work_out(rows.measures).tolist() for metric in self._plain)
        if self._ratios:
            ratios = [metric.fragments(rows.measures) for metric in self._ratios]
            columns.append(["".join(texts) for texts in zip(*ratios, strict=True)])
        template = self._template
        made = [template % row for row in zip(*columns, strict=True)]
        if self._ratios and not self._plain:
            # Every ratio brings its own comma, and here nothing stands before the first.
            return [row.replace('"metrics":{,', '"metrics":{') for row in made]
        return made

    def _row_template(self) -> str:
        segments = ["%s"] if self._timed else []
        if self._hourly:
            segments.append('"hour":%d')
        if self._by_device:
            segments.append('"device":"%s"')
        if self._by_network:
            segments.append('"adNetworkType":"%s"')
        if self._by_region:
            segments.append('"geoTargetRegion":"%s"')
        parts = ["%s"]
        if segments:
            parts.append('"segments":{' + ",".join(segments) + "}")
        if self._plain or self._ratios:
            metrics = ",".join(metric.template() for metric in self._plain)
            parts.append('"metrics":{' + metrics + ("%s}" if self._ratios else "}"))
        return ",".join(parts) + "}"

    def _head(self, position: int) -> str:
        head = self._heads.get(position)
        if head is None:
            head = self._heads[position] = self._describe(self.subjects[position])
        return head

    def _describe(self, subject: Subject) -> str:
        described: dict[str, Any] = {}
        for resource_name, path in self._touched:
            _put(described, [*path, "resourceName"], resource_name(subject))
        for attribute, path in self._fields:
            value = attribute.read(subject)
            if value is not None:
                written = str(value) if attribute.data_type == "INT64" else value
                _put(described, path, written)
        return orjson.dumps(described).decode()[:-1]


def _put(tree: dict[str, Any], path: list[str], value: object) -> None:
    for key in path[:-1]:
        tree = tree.setdefault(key, {})
    tree[path[-1]] = value
