"""The screens in the admin."""
