"""Funding over HTTP, and the pieces it puts into other apps' pages."""
