"""The processor's fee, and what to add so that it is paid (rule C8). Whole minor units and hundredths of a percent."""

from __future__ import annotations

from dataclasses import dataclass

_WHOLE = 10_000


@dataclass(frozen=True)
class FeeRate:
    """A share of each payment in hundredths of a percent (290 is 2.9 %), and a fixed part in minor units."""

    basis_points: int
    fixed_minor: int

    def __post_init__(self) -> None:
        if not 0 <= self.basis_points < _WHOLE or self.fixed_minor < 0:
            raise ValueError("a fee is a share below 100 % and a fixed part of zero or more")

    def __bool__(self) -> bool:
        return bool(self.basis_points or self.fixed_minor)


def fee_of(gross_minor: int, rate: FeeRate) -> int:
    """Return the fee of a payment; parts of a minor unit are rounded up, so that no gift falls short."""
    return -(-gross_minor * rate.basis_points // _WHOLE) + rate.fixed_minor


def gross_up(net_minor: int, rate: FeeRate, *, step_minor: int = 1) -> int:
    """Return the smallest payment of which at least ``net_minor`` is left after the fee.

    ``step_minor``: what the processor can take is a multiple of this.
    """
    over = _WHOLE - rate.basis_points
    gross = -(-(net_minor + rate.fixed_minor) * _WHOLE // over)
    return -(-gross // step_minor) * step_minor
