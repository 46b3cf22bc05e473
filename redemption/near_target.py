"""Which customers have nearly reached their minimum target: read all at once."""

from __future__ import annotations

import datetime

from odoo.tools import SQL
from odoo.tools.date_utils import end_of, start_of

#: From how many percent of it a target is near.
NEAR = 80
#: What was earned on merged accounts counts for the one that goes on.
_NEAR_TARGET = """
    WITH RECURSIVE aim AS (
         SELECT account.id, program.target_repeat, program.target_period,
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
    holder AS (
         SELECT id, id AS source, target_period FROM aim WHERE minimum > 0
      UNION ALL
         SELECT holder.id, merged.id, holder.target_period FROM holder
           JOIN points_account merged ON merged.merged_into_id = holder.source),
    earned AS (
         SELECT holder.id, SUM(entry.points) AS points,
                SUM(entry.qualifying_points) AS qualifying
           FROM holder JOIN points_entry entry ON entry.account_id = holder.source
          WHERE entry.kind IN ('earn', 'return')
            AND (holder.target_period = 'always'
                 OR entry.date BETWEEN %(begin)s AND %(end)s)
       GROUP BY holder.id),
    done AS (
         SELECT aim.id, aim.minimum, earned.points - CASE aim.target_repeat
                WHEN 'once' THEN 0
                ELSE aim.minimum * GREATEST(0, LEAST(
                     floor(earned.points / aim.minimum),
                     floor(earned.qualifying / NULLIF(aim.qualifying, 0))))
                END AS points
           FROM aim JOIN earned USING (id))
    SELECT id FROM done
     WHERE points * 100 >= minimum * %(near)s AND points < minimum"""


def select_near_target(env, today: datetime.date) -> SQL:
    """Return which accounts have NEAR percent of their minimum target, but not all."""
    for name in ("account", "entry", "program", "template"):
        env[f"points.{name}"].flush_model()
    begin, end = start_of(today, "year"), end_of(today, "year")
    return SQL("(%s)", SQL(_NEAR_TARGET, near=NEAR, begin=begin, end=end))
