"""What happens: one use case per file."""

from masthead.hooks.services.deliver import deliver
from masthead.hooks.services.forget import forget_old
from masthead.hooks.services.manage import add_hook, change_hook, delete_hook, rotate_secret, switch
from masthead.hooks.services.send_again import send_again, send_all_again, send_test
from masthead.hooks.services.stop import write_of_stop
from masthead.hooks.services.tell import asked_types, tell

__all__ = [
    "add_hook",
    "asked_types",
    "change_hook",
    "delete_hook",
    "deliver",
    "forget_old",
    "rotate_secret",
    "send_again",
    "send_all_again",
    "send_test",
    "switch",
    "tell",
    "write_of_stop",
]
