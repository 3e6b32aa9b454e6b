from .arrival import Arrival
from .inbound import InboundMail, InboundOutcome
from .message import Message, MessageStatus
from .provider import ProviderEvent, WebhookCall
from .suppression import Scope, Suppression, SuppressionReason
from .template import MailTemplate

__all__ = [
    "Arrival",
    "InboundMail",
    "InboundOutcome",
    "MailTemplate",
    "Message",
    "MessageStatus",
    "ProviderEvent",
    "Scope",
    "Suppression",
    "SuppressionReason",
    "WebhookCall",
]
