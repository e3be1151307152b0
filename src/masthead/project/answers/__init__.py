"""The project's answers to the ports of the apps: one module per asking app."""
