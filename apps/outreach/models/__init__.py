from .message import Message, MessageStatus
from .provider import ProviderEvent, WebhookCall
from .suppression import Scope, Suppression, SuppressionReason
from .template import MailTemplate

__all__ = [
    "MailTemplate",
    "Message",
    "MessageStatus",
    "ProviderEvent",
    "Scope",
    "Suppression",
    "SuppressionReason",
    "WebhookCall",
]
