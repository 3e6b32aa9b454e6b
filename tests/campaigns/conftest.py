import pytest

from apps.accounts.models import Shop
from apps.campaigns.defaults import make_campaigns_after_migrate
from apps.campaigns.models import Campaign
from tests.factories import make_shop


@pytest.fixture(autouse=True)
def everything_let_in(db: None) -> Shop:
    """A shop in São Paulo, whose clocks went forward on 15 October 2017 at midnight."""
    make_campaigns_after_migrate(using="default")
    Campaign.objects.update(backfill="all", holdout_percent=0)
    return make_shop(time_zone="America/Sao_Paulo", country="BR", currency="BRL")
