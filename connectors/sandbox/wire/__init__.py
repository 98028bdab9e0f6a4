"""What every platform's wire is made of: one request lifecycle, sign-in, paging, faults."""
