"""How long a test waits for something that will come, before it takes it for hung.

Far more than the busiest machine needs: it says that something never came, never that it was slow.
"""

PATIENCE_SECONDS = 900.0
