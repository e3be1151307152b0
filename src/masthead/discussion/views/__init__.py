"""HTTP of the discussion: request in, reply out."""
