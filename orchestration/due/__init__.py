"""What a pull has to fetch: dates, objects that landed, the chunks of either, streams with any."""
