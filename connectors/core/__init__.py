"""What every connector shares: streams, errors, HTTP, sign-in, paging and typing of pages."""
