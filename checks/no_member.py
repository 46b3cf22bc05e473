from __future__ import annotations


def say_no_member(program, partner, company=None) -> str:
    """Return what keeps a customer from earning here, if anything does.

    Without a customer only what is true for everybody is said.

    :param company: that sells; None: that of the program
    """
    words = {"program": program.name}
    if company and not program._serves(company):
        return program.env._(
            "%(company)s is a branch: it uses the programs of its parent "
            "company only if they are shared with branches.",
            company=company.name,
        )
    if not program.company_id.points_active:
        return program.env._("Customer Points is switched off: no points are earned.")
    if not program.active:
        return program.env._(
            "%(program)s is archived and no longer earns points.", **words
        )
    account = partner and program._get_account(partner)
    if account and account.state == "blocked":
        return program.env._(
            "The customer's account in %(program)s is blocked: it earns no points.",
            **words,
        )
    return _say_not_admitted(program, partner, account) if partner else ""


def _say_not_admitted(program, partner, account) -> str:
    """Return why a customer without a blocked account is not admitted."""
    words = {"program": program.name}
    tags = (partner | partner.commercial_partner_id).category_id
    if program.membership == "allocated" and not account:
        return program.env._(
            "The customer is not in this program: add it to %(program)s.",
            **words,
        )
    if program.membership == "groups" and not program.group_ids & tags:
        return program.env._(
            "The customer is not in this program: it has none of the customer "
            "tags of %(program)s.",
            **words,
        )
    owner = program._get_owner(partner)
    if not account and account._get_partners_elsewhere(owner, program):
        return program.env._(
            "The customer is in another program, and can join only one: not "
            "in %(program)s.",
            **words,
        )
    return ""
