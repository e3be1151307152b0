"""Refusals about campaigns, their goals and sponsors, each with a stable code and a sentence that says what to do."""

from __future__ import annotations

from django.utils.translation import gettext as _

from masthead.core.errors import DomainError


class NoCampaign(DomainError):
    """There is nothing to give to."""

    code = "funding.no_campaign"
    status = 404

    def message(self) -> str:
        """Say that nobody collects at present."""
        return _("No campaign is open at present.")


class GoalNegative(DomainError):
    """A goal is zero (no meter) or more."""

    code = "funding.goal_negative"

    def message(self) -> str:
        """Say what zero means."""
        return _("A goal cannot be below zero. Zero hides the meter.")


class DaysMissing(DomainError):
    """A campaign by dates has two of them."""

    code = "funding.days_missing"

    def message(self) -> str:
        """Ask for both."""
        return _("A campaign from one day to another needs both days: give its first and its last.")


class DaysReversed(DomainError):
    """A campaign ends on its first day or later."""

    code = "funding.days_reversed"

    def message(self) -> str:
        """Say which day to change."""
        return _("The last day comes before the first. Give a later last day.")


class DaysUnasked(DomainError):
    """Days belong to campaigns by dates alone."""

    code = "funding.days_unasked"

    def message(self) -> str:
        """Say what to do with them."""
        return _(
            "Only a campaign from one day to another has a first and a last day. Leave both empty, or choose that."
        )


class DaysTooFar(DomainError):
    """A campaign by dates lies in a time of which calendars tell."""

    code = "funding.days_too_far"

    def message(self) -> str:
        """Say which years are meant."""
        return _("Give days between the years %(earliest)s and %(latest)s. Without end is a choice of its own.") % {
            "earliest": self.params["earliest"],
            "latest": self.params["latest"],
        }


class TitleMissing(DomainError):
    """Only a campaign of months or years can be named after its time."""

    code = "funding.title_missing"

    def message(self) -> str:
        """Ask for a title."""
        return _("Give the campaign a title: only one that counts each month or each year is named by itself.")


class NameTaken(DomainError):
    """A campaign's short name is part of its address."""

    code = "funding.name_taken"

    def message(self) -> str:
        """Ask for another one."""
        return _("“%(name)s” leads to another page. Give the campaign another title.") % self.params


class SponsorMissing(DomainError):
    """Who promises to add has a name that readers see."""

    code = "funding.sponsor_missing"

    def message(self) -> str:
        """Ask for the name."""
        return _("Say who adds to the gifts; readers see this name.")


class MatchOfAnother(DomainError):
    """A sponsor's money belongs to the campaign that it was promised to."""

    code = "funding.match_of_another"

    def message(self) -> str:
        """Say which to choose."""
        return _("This sponsor promised to add to another campaign. Choose that campaign, or no sponsor.")
