"""The sub-commands of ``tributary``, one module per noun. Dagster is imported only when it runs."""
