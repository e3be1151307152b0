"""Facts by which a line of a bank statement is judged, and the lines as staff see them."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.db.models import OuterRef, QuerySet, Subquery, Sum

from masthead.core.money import Money
from masthead.funding import conf
from masthead.funding.models import Account, BankLine, Entry, Gift, Pledge
from masthead.funding.models.gift import Method
from masthead.funding.rules.bank_matching import GiftFacts, PledgeFacts, Reason, Verdict, judge_credit, judge_debit
from masthead.funding.rules.found_references import references_in

# A gift of the same pledge that staff recorded by hand so near to the transfer's day may be the same money.
BY_HAND_WITHIN = timedelta(days=10)


def verdict_on(line: BankLine) -> Verdict:
    """Return what is certain about a line as the books stand now."""
    references = references_in(line.text, line.end_to_end_id)
    if line.amount_minor < 0:
        return judge_debit(is_return=line.is_return, candidates=_gifts_it_may_return(line, references))
    named = list(Pledge.objects.filter(reference__in=references).order_by("id"))
    payer = [] if named or len(references) > 1 else _pledges_of_payer(line)
    return judge_credit(
        line.amount,
        is_return=line.is_return,
        references=len(named) if named else len(references),
        named=[_facts(pledge, line) for pledge in named],
        same_payer=[_facts(pledge, line) for pledge in payer],
    )


def concerns_gifts(line: BankLine) -> bool:
    """Tell whether a line is kept: money that came in, came back, or went out under a reference of ours."""
    if line.amount_minor > 0 or line.is_return:
        return True
    references = references_in(line.text, line.end_to_end_id)
    return bool(references) and Pledge.objects.filter(reference__in=references).exists()


def _facts(pledge: Pledge, line: BankLine) -> PledgeFacts:
    standing = pledge.gifts.filter(journal__reversal__isnull=True)
    return PledgeFacts(
        id=pledge.pk,
        amount=pledge.amount,
        is_closed=pledge.closed_at is not None,
        is_fulfilled=pledge.every == Pledge.Every.ONCE and standing.exists(),
        twin=_twin(standing, line),
    )


def _twin(standing: QuerySet[Gift], line: BankLine) -> Reason | None:
    """Return how the same money may be booked already: from a file of another format, or by hand."""
    same = _with_amount(standing, line.amount)
    lines = BankLine.objects.filter(gift=OuterRef("pk"), amount_minor__gt=0, state=BankLine.State.BOOKED)
    told = same.annotate(
        told_on=Subquery(lines.values("valued_on")[:1]),
        told_in=Subquery(lines.values("statement__format")[:1]),
        told_of=Subquery(lines.values("id")[:1]),
    )
    if told.filter(told_on=line.valued_on).exclude(told_in=line.statement.format).exists():
        return Reason.OTHER_FORMAT
    noon = datetime.combine(line.valued_on, time(12), tzinfo=conf.zone())
    near = (noon - BY_HAND_WITHIN, noon + BY_HAND_WITHIN)
    by_hand = told.filter(told_of__isnull=True, method=Method.BANK_TRANSFER, journal__value_at__range=near)
    return Reason.BY_HAND if by_hand.exists() else None


def _pledges_of_payer(line: BankLine) -> list[Pledge]:
    """Return open pledges of this amount by the same account or the same name."""
    open_ones = Pledge.objects.filter(
        closed_at__isnull=True, amount_minor=line.amount_minor, currency=line.currency
    ).order_by("id")
    known = set()
    if line.payer_iban:
        known = set(
            BankLine.objects.filter(payer_iban=line.payer_iban, gift__pledge__isnull=False, amount_minor__gt=0)
            .exclude(pk=line.pk)
            .values_list("gift__pledge", flat=True)
        )
    name = _as_compared(line.payer_name)
    return [
        pledge
        for pledge in open_ones
        if (pledge.pk in known or (name and _as_compared(pledge.name) == name)) and not _is_settled(pledge)
    ]


def _is_settled(pledge: Pledge) -> bool:
    once = pledge.every == Pledge.Every.ONCE
    return once and pledge.gifts.filter(journal__reversal__isnull=True).exists()


def _gifts_it_may_return(line: BankLine, references: list[str]) -> list[GiftFacts]:
    """Return standing gifts by bank transfer of exactly this amount that had arrived by then."""
    until = datetime.combine(line.valued_on + timedelta(days=1), time(), tzinfo=conf.zone())
    gifts = _with_amount(
        Gift.objects.filter(journal__reversal__isnull=True, method=Method.BANK_TRANSFER, journal__value_at__lt=until),
        -line.amount,
    ).select_related("pledge")
    origin = {
        each.gift_id: each
        for each in BankLine.objects.filter(gift__in=gifts, amount_minor__gt=0, state=BankLine.State.BOOKED)
    }
    found = []
    for gift in gifts.order_by("id"):
        told = origin.get(gift.pk)
        facts = GiftFacts(
            id=gift.pk,
            same_transfer=bool(line.end_to_end_id and told and told.end_to_end_id == line.end_to_end_id),
            same_reference=gift.pledge is not None and gift.pledge.reference in references,
            same_account=bool(line.payer_iban and told and told.payer_iban == line.payer_iban),
            same_name=bool(line.payer_name)
            and _as_compared(line.payer_name)
            in {_as_compared(gift.donor_name), _as_compared(told.payer_name if told else "")},
        )
        if facts.same_transfer or facts.same_reference or facts.same_account or facts.same_name:
            found.append(facts)
    return found


def _with_amount(gifts: QuerySet[Gift], amount: Money) -> QuerySet[Gift]:
    income = Entry.objects.filter(
        journal=OuterRef("journal"), account__kind=Account.Kind.INCOME, currency=amount.currency
    ).order_by()
    credited = income.values("journal").annotate(total=Sum("amount_minor")).values("total")
    return gifts.annotate(credited_minor=Subquery(credited)).filter(credited_minor=-amount.amount_minor)


def _as_compared(name: str) -> str:
    return " ".join(sorted(name.casefold().replace(",", " ").split()))
