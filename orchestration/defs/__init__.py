"""The Dagster side: assets, checks, partitions, schedules, sensors and resources."""
