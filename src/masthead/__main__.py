"""Run the command line with ``python -m masthead``."""

from masthead.project.cli import main

if __name__ == "__main__":
    main()
