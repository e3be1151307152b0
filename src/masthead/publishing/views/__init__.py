"""Request in, reply out."""
