from . import points_tables_report
from . import report_account_ledger
from . import report_ledger
from . import report_months
from . import report_outstanding
from . import report_partner_ledger
from . import report_points
from . import report_rewards
