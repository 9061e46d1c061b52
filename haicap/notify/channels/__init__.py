"""One folder per channel, with everything about that channel.

A planner is asked when something happens and writes what the channel will have to do; a sender does it later.
A new channel is a folder here and its name in these two tables.
"""

from __future__ import annotations

from ..states import Channel
from .contract import Failure, Planner, Sender
from .email.planning import plan as plan_mail
from .email.sending import MailSender
from .inbox.planning import plan as plan_inbox
from .webhook.planning import plan as plan_calls
from .webhook.sending import HookSender

PLANNERS: tuple[Planner, ...] = (plan_inbox, plan_mail, plan_calls)
SENDERS: dict[Channel, type[Sender]] = {Channel.EMAIL: MailSender, Channel.WEBHOOK: HookSender}

__all__ = ["PLANNERS", "SENDERS", "Failure", "Planner", "Sender"]
