from .campaign import Backfill, Campaign
from .enrollment import Arm, Enrollment, Refusal

__all__ = ["Arm", "Backfill", "Campaign", "Enrollment", "Refusal"]
