"""Screens of funding in the newsroom's admin."""
