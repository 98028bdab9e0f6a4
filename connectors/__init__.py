"""Everything that speaks to a platform: the core, one folder a platform, and the sandbox."""
