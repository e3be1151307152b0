"""Foreign formats, one folder each: they read, and yield the records of ``porting.records``."""
