"""The screen in the admin."""
