"""What a pull has to fetch: dates of reports, objects that landed, streams that have either."""
