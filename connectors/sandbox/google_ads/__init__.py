"""Google Ads as its REST clients see it: v23 to v26, read-only, reports and entities."""
