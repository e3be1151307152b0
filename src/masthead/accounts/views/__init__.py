"""Request in, reply out. Account pages are for one person, never stored, and keep Django's tokens."""
