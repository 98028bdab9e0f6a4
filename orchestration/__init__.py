"""Which window, when, and the receipts: everything that runs the pipeline."""
