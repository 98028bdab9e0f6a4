"""The report: one self-contained HTML page for each organization, made from the published file."""
