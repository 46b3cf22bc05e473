from . import base_partner_merge
from . import points_account_adjust
