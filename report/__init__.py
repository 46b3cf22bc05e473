from . import report_account_ledger
from . import report_deferral
from . import report_ledger
from . import report_outstanding
from . import report_overview
from . import report_partner_ledger
from . import points_analysis
