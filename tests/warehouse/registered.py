"""What the registry of these tests holds."""

from __future__ import annotations

from warehouse.registry_records import PlatformRecord

SECRET = "1//refresh-token-of-acme"
PLATFORMS = [PlatformRecord("google_ads", "Google Ads", "ads", "v26", None, 5.0, True, False)]
