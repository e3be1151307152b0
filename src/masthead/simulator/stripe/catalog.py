"""Products and prices."""

from __future__ import annotations

from typing import Any

from masthead.simulator.book import Book, new_id
from masthead.simulator.store import Json
from masthead.simulator.stripe import money
from masthead.simulator.stripe.api import Call, endpoint
from masthead.simulator.stripe.errors import invalid, missing
from masthead.simulator.stripe.facts import save
from masthead.simulator.stripe.shapes import merged, page

_PRODUCT = "name description active metadata images statement_descriptor unit_label url"
_PRICE = (
    "currency unit_amount product product_data.name product_data.metadata recurring.interval recurring.interval_count"
    " nickname metadata active lookup_key tax_behavior"
)
_LONGEST = {"day": 1095, "week": 156, "month": 36, "year": 3}


def make_product(book: Book, *, name: str, **given: Any) -> Json:
    """Keep a product and tell it."""
    nothing = "default_price package_dimensions shippable tax_code unit_label url statement_descriptor"
    made: Json = {
        **dict.fromkeys(nothing.split()),
        "id": new_id("prod_", 14),
        "object": "product",
        "active": given.get("active", True),
        "created": book.now,
        "description": given.get("description"),
        "images": given.get("images") or [],
        "livemode": book.live,
        "marketing_features": [],
        "metadata": given.get("metadata") or {},
        "name": name,
        "type": "service",
        "updated": book.now,
        "url": given.get("url"),
        "unit_label": given.get("unit_label"),
    }
    return save(book, made, "product.created")


def make_price(
    book: Book, *, currency: str, unit_amount: int | None, product: str, param: str = "", **given: Any
) -> Json:
    """Keep a price and tell it. Refuses what cannot be charged."""
    currency = money.check_currency(currency, param=f"{param}[currency]" if param else "currency")
    if unit_amount is None or unit_amount < 0:
        shown = f"{param}[unit_amount]" if param else "unit_amount"
        raise invalid(
            "The simulator plays prices with a unit_amount of 0 or more.", param=shown, code="parameter_missing"
        )
    recurring = given.get("recurring")
    made: Json = {
        "id": new_id("price_"),
        "object": "price",
        "active": given.get("active", True),
        "billing_scheme": "per_unit",
        "created": book.now,
        "currency": currency,
        "custom_unit_amount": None,
        "livemode": book.live,
        "lookup_key": given.get("lookup_key"),
        "metadata": given.get("metadata") or {},
        "nickname": given.get("nickname"),
        "product": product,
        "recurring": _recurring(recurring) if recurring else None,
        "tax_behavior": given.get("tax_behavior", "unspecified"),
        "tiers_mode": None,
        "transform_quantity": None,
        "type": "recurring" if recurring else "one_time",
        "unit_amount": unit_amount,
        "unit_amount_decimal": str(unit_amount),
    }
    return save(book, made, "price.created")


def _recurring(given: Json) -> Json:
    count = given.get("interval_count", 1)
    if not 1 <= count <= _LONGEST[given["interval"]]:
        raise invalid("The maximum interval is three years.", param="recurring[interval_count]")
    return {
        "interval": given["interval"],
        "interval_count": count,
        "meter": None,
        "trial_period_days": None,
        "usage_type": "licensed",
    }


def the_price(book: Book, id_: str, *, param: str = "price", status: int = 400) -> Json:
    """Return a price. Refuses an unknown one."""
    found = book.get("price", id_)
    if found is None:
        raise missing("price", id_, param=param, status=status)
    return found


def price_of(book: Book, item: Json, *, param: str) -> Json:
    """Return the price an item names, or make the one it describes. Refuses both and neither, and inactive ones."""
    if ("price" in item) == ("price_data" in item):
        raise invalid(f"You must specify either `price` or `price_data` in {param}.", param=param)
    if "price" in item:
        price = the_price(book, item["price"], param=f"{param}[price]")
        if not price["active"]:
            raise invalid(
                "The price specified is inactive. This field only accepts active prices.", param=f"{param}[price]"
            )
        return price
    data = dict(item["price_data"])
    product = data.pop("product", None) or _product_of(book, data.pop("product_data", None), param)
    if book.get("product", product) is None:
        raise missing("product", product, param=f"{param}[price_data][product]", status=400)
    data.pop("product_data", None)
    amount = data.pop("unit_amount", None)
    # A described price is used once: it is kept, but not active.
    return make_price(book, unit_amount=amount, product=product, param=f"{param}[price_data]", active=False, **data)


def _product_of(book: Book, data: Json | None, param: str) -> str:
    if not data:
        shown = f"{param}[price_data][product]" if param else "product"
        raise invalid("You must specify either `product` or `product_data`.", param=shown)
    return str(make_product(book, **data)["id"])


@endpoint("POST", "/v1/products", params="ProductCreateParams", plays=f"{_PRODUCT} id")
def create_product(call: Call) -> Json:
    """Make a product, under an id of one's own where asked."""
    own = call.params.get("id")
    if own and call.book.get("product", own):
        raise invalid("Product already exists.", code="resource_already_exists", param="id")
    made = make_product(call.book, **call.params)
    if own:
        call.book.world.store.delete(call.book.name, "product", made["id"])
        made = call.book.put({**made, "id": own})
    return made


@endpoint("POST", "/v1/products/{id_}", params="ProductUpdateParams", plays=_PRODUCT)
def update_product(call: Call, id_: str) -> Json:
    """Change a product."""
    kept = retrieve_product(call, id_)
    changed = {**kept, **call.params, "updated": call.book.now}
    changed["metadata"] = merged(kept["metadata"], call.params.get("metadata"))
    return save(call.book, changed, "product.updated")


@endpoint("GET", "/v1/products/{id_}", params="ProductRetrieveParams")
def retrieve_product(call: Call, id_: str) -> Json:
    """Return a product."""
    found = call.book.get("product", id_)
    if found is None:
        raise missing("product", id_)
    return found


@endpoint(
    "GET", "/v1/products", params="ProductListParams", plays="active ids created limit starting_after ending_before"
)
def list_products(call: Call) -> Json:
    """List products."""
    found = [
        item
        for item in call.book.find("product")
        if call.params.get("active") in (None, item["active"]) and item["id"] in call.params.get("ids", [item["id"]])
    ]
    return page(call.params, found, "/v1/products")


@endpoint("POST", "/v1/prices", params="PriceCreateParams", plays=_PRICE)
def create_price(call: Call) -> Json:
    """Make a price."""
    params = dict(call.params)
    data = params.pop("product_data", None)
    product = params.pop("product", None) or _product_of(call.book, data, "")
    if call.book.get("product", product) is None:
        raise missing("product", product, param="product", status=400)
    return make_price(call.book, product=product, unit_amount=params.pop("unit_amount", None), **params)


@endpoint("POST", "/v1/prices/{id_}", params="PriceUpdateParams", plays="active metadata nickname lookup_key")
def update_price(call: Call, id_: str) -> Json:
    """Change what may be changed of a price; never the amount."""
    kept = the_price(call.book, id_, param="id", status=404)
    changed = {**kept, **call.params, "metadata": merged(kept["metadata"], call.params.get("metadata"))}
    return save(call.book, changed, "price.updated")


@endpoint("GET", "/v1/prices/{id_}", params="PriceRetrieveParams")
def retrieve_price(call: Call, id_: str) -> Json:
    """Return a price."""
    return the_price(call.book, id_, param="id", status=404)


@endpoint(
    "GET",
    "/v1/prices",
    params="PriceListParams",
    plays="active product currency type lookup_keys limit starting_after ending_before",
)
def list_prices(call: Call) -> Json:
    """List prices."""
    wanted = {name: call.params[name] for name in ("product", "currency", "type") if name in call.params}
    keys = call.params.get("lookup_keys")
    found = [
        item
        for item in call.book.find("price", **wanted)
        if call.params.get("active") in (None, item["active"]) and (keys is None or item["lookup_key"] in keys)
    ]
    return page(call.params, found, "/v1/prices")
