"""Which customers have nearly reached their minimum target: read all at once."""

from __future__ import annotations

import datetime

from odoo.tools import SQL
from odoo.tools.date_utils import end_of, start_of

#: From how many percent of it a target is near.
NEAR = 80
#: What was earned on merged accounts counts for the one that goes on.
_NEAR_TARGET = """
    WITH RECURSIVE moved AS (
         SELECT id AS source, merged_into_id AS holder FROM points_account
          WHERE merged_into_id IS NOT NULL
      UNION ALL
         SELECT moved.source, account.merged_into_id
           FROM moved JOIN points_account account ON account.id = moved.holder
          WHERE account.merged_into_id IS NOT NULL),
    aim AS (
         SELECT account.id, account.program_id, program.target_repeat,
                program.target_period,
                COALESCE(NULLIF(account.minimum_target, 0),
                         NULLIF(template.minimum_target, 0),
                         program.minimum_target) AS minimum,
                COALESCE(NULLIF(account.qualifying_target, 0),
                         NULLIF(template.qualifying_target, 0),
                         program.qualifying_target) AS qualifying
           FROM points_account account
           JOIN points_program program ON program.id = account.program_id
      LEFT JOIN points_template template ON template.id = account.template_id
          WHERE account.merged_into_id IS NULL),
    target AS (SELECT * FROM aim WHERE minimum > 0),
    holding AS (
         SELECT id, id AS source, target_period FROM target
      UNION ALL
         SELECT id, source, target_period FROM target JOIN moved ON holder = id),
    earned AS (
         SELECT holding.id, SUM(entry.points) AS points,
                SUM(entry.qualifying_points) AS qualifying
           FROM holding JOIN points_entry entry ON entry.account_id = holding.source
          WHERE entry.kind IN ('earn', 'return')
            AND entry.program_id = ANY(ARRAY(SELECT DISTINCT program_id FROM target))
            AND (holding.target_period = 'always'
                 OR entry.date BETWEEN %(begin)s AND %(end)s)
       GROUP BY holding.id),
    done AS (
         SELECT target.id, target.minimum, earned.points - CASE target.target_repeat
                WHEN 'once' THEN 0
                ELSE target.minimum * GREATEST(0, LEAST(
                     floor(earned.points / target.minimum),
                     floor(earned.qualifying / NULLIF(target.qualifying, 0))))
                END AS points
           FROM target JOIN earned USING (id))
    SELECT id FROM done
     WHERE points * 100 >= minimum * %(near)s AND points < minimum"""


def select_near_target(env, today: datetime.date) -> SQL:
    """Return which accounts have NEAR percent of their minimum target, but not all."""
    for name in ("account", "entry", "program", "template"):
        env[f"points.{name}"].flush_model()
    begin, end = start_of(today, "year"), end_of(today, "year")
    return SQL("(%s)", SQL(_NEAR_TARGET, near=NEAR, begin=begin, end=end))
