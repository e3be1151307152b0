"""Screens of the discussion in the newsroom's admin."""
