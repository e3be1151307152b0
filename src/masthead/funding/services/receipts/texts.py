"""The words that the law of a country wants on a receipt: templates of the package, which a site may write anew.

They are in the language of that law, whatever the giver's is, and hold nobody's name.
"""

from __future__ import annotations

import re
from typing import Any

from django.template import TemplateSyntaxError, engines
from django.template.loader import get_template

from masthead.core.clock import now
from masthead.core.display import amount
from masthead.funding import conf
from masthead.funding.conf import Issuer
from masthead.funding.rules.receipts import Standing
from masthead.funding.selectors.statements import Statement


def country_text(issuer: Issuer, standing: Standing) -> list[str]:
    """Return the paragraphs of the issuer's country for a gift; none where the site claims nothing."""
    values = {
        "issuer": issuer,
        "amount": amount(standing.left),
        "day": standing.received_at.astimezone(conf.zone()).date(),
    }
    return _paragraphs(issuer.country, values)


def statement_text(issuer: Issuer, found: Statement) -> list[str]:
    """Return the paragraphs of the issuer's country for a year of one giver.

    They differ from those of a receipt: each gift has its own, and no gift may be confirmed twice.
    """
    values = {
        "issuer": issuer,
        "amount": ", ".join(amount(each) for each in found.totals),
        "day": now().astimezone(conf.zone()).date(),
        "year": str(found.year),
    }
    return _paragraphs(f"{issuer.country}-statement", values)


def text_problem(country: str) -> str:
    """Return what is wrong with a site's own words, in one sentence; empty when nothing is.

    ``country`` is as in ``us``, or ``us-statement`` for the words on a statement of a year.
    """
    try:
        _paragraphs(country, {"issuer": conf.issuer()})
    except (TemplateSyntaxError, UnicodeDecodeError) as error:
        return str(error)
    return ""


def _paragraphs(country: str, values: dict[str, Any]) -> list[str]:
    own = conf.own_receipt_text(country)
    if own.is_file():
        template: Any = engines["django"].from_string(
            f"{{% autoescape off %}}{own.read_text(encoding='utf-8')}{{% endautoescape %}}"
        )
    else:
        template = get_template(f"funding/receipts/texts/{country}.txt")
    text: str = template.render(values)
    return [" ".join(part.split()) for part in re.split(r"\n\s*\n", text) if part.strip()]
