"""Library under all apps: no models, no settings of its own, one noun per module."""
