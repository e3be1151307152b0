"""What a body may say. PayPal ignores what it does not know; the simulator refuses it."""

from __future__ import annotations

from typing import Any

from masthead.simulator.paypal.errors import invalid

# A description is ``str``, ``int``, ``bool``, a tuple of allowed words, a list of one description, or a dict whose
# names end in ``!`` where they must be given. ``Any`` takes everything.
MONEY = {"currency_code!": str, "value!": str}


def check(value: Any, shape: Any, path: str = "") -> None:
    """Refuse a body that does not fit its description."""
    if shape is Any:
        return
    if isinstance(shape, dict):
        _hash(value, shape, path)
    elif isinstance(shape, list):
        if not isinstance(value, list):
            raise invalid(path, "INVALID_PARAMETER_VALUE", "Must be a list.")
        for number, item in enumerate(value):
            check(item, shape[0], f"{path}/{number}")
    elif isinstance(shape, tuple):
        if value not in shape:
            raise invalid(path, "INVALID_PARAMETER_VALUE", f"Must be one of {', '.join(shape)}.")
    elif not isinstance(value, shape) or (shape is int and isinstance(value, bool)):
        raise invalid(path, "INVALID_PARAMETER_SYNTAX", f"Must be of type {shape.__name__}.")


def _hash(value: Any, shape: dict[str, Any], path: str) -> None:
    if not isinstance(value, dict):
        raise invalid(path or "/", "INVALID_PARAMETER_SYNTAX", "Must be an object.")
    known = {name.rstrip("!"): inner for name, inner in shape.items()}
    for name in shape:
        if name.endswith("!") and name[:-1] not in value:
            raise invalid(f"{path}/{name[:-1]}", "MISSING_REQUIRED_PARAMETER", "A required field is missing.")
    for name, item in value.items():
        if name not in known:
            raise invalid(
                f"{path}/{name}", "SIMULATOR_FIELD_NOT_PLAYED", "The simulator does not play this field. Leave it out."
            )
        check(item, known[name], f"{path}/{name}")
