"""The composition root: the only place where apps are introduced to each other."""
