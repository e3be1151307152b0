"""Django's settings module: the settings of the site that ``MASTHEAD_SITE`` names."""

from masthead.project.composition import build
from masthead.project.config import load

globals().update(build(load()))
