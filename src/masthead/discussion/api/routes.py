"""The one router of the discussion: operations of one address must be entered in the same one."""

from ninja import Router

router = Router(tags=["discussion"])
