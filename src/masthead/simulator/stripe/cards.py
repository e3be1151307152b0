"""Test cards and accounts, and how each behaves."""

from __future__ import annotations

from dataclasses import dataclass

Refusal = tuple[str, str | None, str]

_GENERIC: Refusal = ("card_declined", "generic_decline", "Your card was declined.")
_FUNDS: Refusal = ("card_declined", "insufficient_funds", "Your card has insufficient funds.")


@dataclass(frozen=True)
class Behaviour:
    """What a number does when it is charged, refunded or kept."""

    label: str
    refuses: Refusal | None = None
    # Charged while its owner is there it pays; afterwards it refuses.
    refuses_later: Refusal | None = None
    # never, unless_set_up, always
    asks: str = "never"
    # What a dispute is about, and whether it is only an inquiry.
    disputed: str | None = None
    inquiry: bool = False
    # at_once, pending, fails
    refund: str = "at_once"
    available_at_once: bool = False


CARDS: dict[str, Behaviour] = {
    "4242424242424242": Behaviour("pays"),
    "4000056655665556": Behaviour("pays (debit)"),
    "5555555555554444": Behaviour("pays"),
    "378282246310005": Behaviour("pays"),
    "6011111111111117": Behaviour("pays"),
    "4000000000000077": Behaviour("pays, available at once", available_at_once=True),
    "4000000000000002": Behaviour("is declined", refuses=_GENERIC),
    "4000000000009995": Behaviour("has insufficient funds", refuses=_FUNDS),
    "4000000000009987": Behaviour("is lost", refuses=("card_declined", "lost_card", "Your card was declined.")),
    "4000000000009979": Behaviour("is stolen", refuses=("card_declined", "stolen_card", "Your card was declined.")),
    "4000000000000069": Behaviour("has expired", refuses=("expired_card", None, "Your card has expired.")),
    "4000000000000127": Behaviour(
        "has another CVC", refuses=("incorrect_cvc", None, "Your card's security code is incorrect.")
    ),
    "4000000000000119": Behaviour(
        "meets an error",
        refuses=(
            "processing_error",
            None,
            "An error occurred while processing your card. Try again in a little bit.",
        ),
    ),
    "4000000000000341": Behaviour("pays now, is declined later", refuses_later=_GENERIC),
    "4000002500003155": Behaviour("asks for 3-D Secure once", asks="unless_set_up"),
    "4000002760003184": Behaviour("asks for 3-D Secure always", asks="always"),
    "4000008400001629": Behaviour("asks for 3-D Secure, then is declined", asks="always", refuses=_GENERIC),
    "4000008260003178": Behaviour("asks for 3-D Secure, then has no funds", asks="always", refuses=_FUNDS),
    "4000000000000259": Behaviour("pays, then is disputed as fraudulent", disputed="fraudulent"),
    "4000000000002685": Behaviour("pays, then is disputed as not received", disputed="product_not_received"),
    "4000000000001976": Behaviour("pays, then an inquiry comes", disputed="fraudulent", inquiry=True),
    "4000000000007726": Behaviour("pays; a refund is pending first", refund="pending"),
    "4000000000005126": Behaviour("pays; a refund fails afterwards", refund="fails"),
}


@dataclass(frozen=True)
class Debit:
    """What a bank account does: pays or fails, after days; perhaps disputed at once."""

    label: str
    fails: bool = False
    disputed: bool = False


IBANS: dict[str, Debit] = {
    "DE89370400440532013000": Debit("pays"),
    "AT611904300234573201": Debit("pays"),
    "AT321904300235473204": Debit("pays"),
    "FR1420041010050500013M02606": Debit("pays"),
    "DE62370400440532013001": Debit("fails", fails=True),
    "AT861904300235473202": Debit("fails", fails=True),
    "AT051904300235473205": Debit("fails", fails=True),
    "AT591904300235473203": Debit("pays, then is disputed", disputed=True),
}

# The names under which the official client's documentation knows the numbers.
TOKENS = {
    "pm_card_visa": "4242424242424242",
    "pm_card_visa_debit": "4000056655665556",
    "pm_card_mastercard": "5555555555554444",
    "pm_card_amex": "378282246310005",
    "pm_card_bypassPending": "4000000000000077",
    "pm_card_visa_chargeDeclined": "4000000000000002",
    "pm_card_chargeDeclined": "4000000000000002",
    "pm_card_visa_chargeDeclinedInsufficientFunds": "4000000000009995",
    "pm_card_chargeDeclinedInsufficientFunds": "4000000000009995",
    "pm_card_chargeDeclinedExpiredCard": "4000000000000069",
    "pm_card_chargeDeclinedIncorrectCvc": "4000000000000127",
    "pm_card_chargeDeclinedProcessingError": "4000000000000119",
    "pm_card_chargeCustomerFail": "4000000000000341",
    "pm_card_authenticationRequiredOnSetup": "4000002500003155",
    "pm_card_authenticationRequired": "4000002760003184",
    "pm_card_createDispute": "4000000000000259",
    "pm_card_createDisputeProductNotReceived": "4000000000002685",
    "pm_card_createDisputeInquiry": "4000000000001976",
    "pm_card_pendingRefund": "4000000000007726",
    "pm_card_refundFail": "4000000000005126",
}


def brand(number: str) -> str:
    """Return the brand of a number."""
    if number.startswith("5"):
        return "mastercard"
    if number.startswith("3"):
        return "amex"
    return "discover" if number.startswith("6") else "visa"


def luhn(number: str) -> bool:
    """Tell whether a number's check digit is right."""
    digits = [int(digit) for digit in reversed(number)]
    doubled = [digit * 2 - 9 if digit > 4 else digit * 2 for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def iban_holds(iban: str) -> bool:
    """Tell whether an account number's check digits are right."""
    turned = iban[4:] + iban[:4]
    return turned.isalnum() and int("".join(str(int(sign, 36)) for sign in turned)) % 97 == 1
