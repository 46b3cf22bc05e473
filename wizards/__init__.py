from . import base_partner_merge
from . import points_account_adjust
from . import points_account_allocate
from . import points_account_save_template
from . import points_account_use_template
from . import points_check
from . import points_program_preview
from . import points_program_preview_line
