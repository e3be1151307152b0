"""What is computed from values alone: no Django, no clock, no database."""
