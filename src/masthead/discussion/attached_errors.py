"""What is refused of that which hangs on a comment: the site's own fields, a picture, and stars."""

from __future__ import annotations

from django.utils.translation import gettext as _

from masthead.discussion.errors import DiscussionError


class FieldsRefused(DiscussionError):
    """The site's own fields are not filled as they must be; ``params['problems']`` says how, by the field's name."""

    code = "discussion.fields_refused"

    def message(self) -> str:
        """Say so; what is wrong with each stands beside it."""
        return _("Please look at the fields below your text.")

    def by_input(self) -> dict[str, str]:
        """Say what is wrong, by the name of the input."""
        return {f"field-{name}": field_problem(problem) for name, problem in self.params["problems"].items()}


def field_problem(problem: str) -> str:
    """Say what is wrong with one of the site's own fields."""
    texts = {
        "missing": _("Please fill this in."),
        "consent": _("Without your consent the comment cannot be posted."),
        "choice": _("Choose one of those offered."),
        "long": _("This is too long: 300 characters are possible."),
    }
    return texts[problem]


class PictureRefused(DiscussionError):
    """The picture is not taken; ``params['why']`` is ``off``, ``bytes``, ``pixels`` or ``kind``."""

    code = "discussion.picture_refused"
    field = "picture"

    def message(self) -> str:
        """Say why, and what is taken."""
        texts = {
            "off": _("This site takes no pictures in comments."),
            "bytes": _("This file is larger than 10 MB. Please send a smaller one."),
            "pixels": _("This picture has more than 50 million pixels. Please send a smaller one."),
            "kind": _("This is no picture that can be shown. JPEG, PNG, WebP, AVIF and GIF are taken."),
        }
        return texts[self.params["why"]]


class StarsRefused(DiscussionError):
    """The stars are not taken; ``params['why']`` is ``here``, ``field``, ``range`` or ``overall``."""

    code = "discussion.stars_refused"
    field = "stars"

    def message(self) -> str:
        """Say why, and what is taken."""
        texts = {
            "here": _("Stars are given only with a comment on a story whose readers rate."),
            "field": _("This is not rated here any more. Load the page again, please."),
            "range": _("Give between 1 and 5 stars."),
            "overall": _("Give stars overall too, please."),
        }
        return texts[self.params["why"]]
