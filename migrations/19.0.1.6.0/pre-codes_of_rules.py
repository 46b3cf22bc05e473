"""Codes of rules are above zero and unique in their company (X-13)."""


def migrate(cr, version):
    """Number on what has no code of its own; the oldest rule keeps a shared one."""
    cr.execute(
        """WITH kept AS (
               SELECT DISTINCT ON (COALESCE(company_id, 0), code) id
                 FROM points_rule WHERE code > 0
             ORDER BY COALESCE(company_id, 0), code, id),
           numbered AS (
               SELECT rule.id,
                      (SELECT GREATEST(COALESCE(MAX(code), 0), 0)
                         FROM points_rule other
                        WHERE COALESCE(other.company_id, 0)
                              = COALESCE(rule.company_id, 0))
                      + ROW_NUMBER() OVER (
                        PARTITION BY COALESCE(rule.company_id, 0) ORDER BY rule.id)
                      AS code
                 FROM points_rule rule
                WHERE rule.id NOT IN (SELECT id FROM kept))
           UPDATE points_rule rule SET code = numbered.code
             FROM numbered WHERE numbered.id = rule.id"""
    )
