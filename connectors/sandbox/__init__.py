"""A local server that speaks the platforms' wire protocols over one simulated business.

Everything is deterministic by seed, as of any clock, and its truth is shown on request. It
shares no parser and no schema with the connectors: the wire formats are written a second time here,
from the platforms' documents, so that one can catch the other.
"""
