"""What happens when somebody subscribes, confirms, unsubscribes, or when there is news."""

from masthead.notifications.services.confirm import confirm
from masthead.notifications.services.deliver import deliver
from masthead.notifications.services.forget import forget_address, forget_old
from masthead.notifications.services.notify import notify_of_comments
from masthead.notifications.services.subscribe import subscribe
from masthead.notifications.services.unsubscribe import change_kind, stop_topic, unsubscribe, unsubscribe_all

__all__ = [
    "change_kind",
    "confirm",
    "deliver",
    "forget_address",
    "forget_old",
    "notify_of_comments",
    "stop_topic",
    "subscribe",
    "unsubscribe",
    "unsubscribe_all",
]
