from odoo import models

from ..settlement.merging import merge_partners


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Merge accounts of the same program before Odoo moves the contacts.

        Odoo would stop at the second account of a customer in a program.
        """
        self.env.flush_all()
        merge_partners(src_partners.sudo(), dst_partner.sudo())
        result = super()._update_foreign_keys(src_partners, dst_partner)
        # A company that has another contact now has its time zone.
        self.env["points.program"]._forget_facts()
        return result
