"""Everything in Python that touches data at rest: lake, sync log, registry, publishing.

The package imports nothing of ours: times, platform names and credential fields arrive as
arguments. Where a rule needs the wall clock rather than the pipeline's clock (leases, lock
holders, leftovers of killed processes) its docstring says so.
"""
