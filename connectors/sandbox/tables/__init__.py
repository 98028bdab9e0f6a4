"""What platforms show of the business: things with their histories, and reports on them."""
