"""Selections and names that several files need: spelt here and nowhere else."""

from .engine.numbers import LEDGER_DECIMALS, LEDGER_LIMIT

PROGRAM_MODES = [("points", "Points"), ("value", "Value")]
MEMBERSHIPS = [
    ("allocated", "Allocated customers"),
    ("groups", "Customer groups"),
    ("everyone", "Everyone"),
]
OWNERS = [("commercial", "Bill-to company"), ("contact", "Contact itself")]
AMOUNT_BASES = [("gross", "Tax included"), ("net", "Tax excluded")]
COMBINATIONS = [("most_specific", "Most specific rule"), ("add_up", "Rules add up")]
ROUNDINGS = [
    ("down", "Down"),
    ("half_up", "Half up"),
    ("up", "Up"),
    ("none", "Not at all"),
]
ROUNDING_SCOPES = [("document", "Once per bill"), ("line", "Line by line")]
CREDIT_ON = [("invoice", "Posted invoice")]
EXPIRIES = [
    ("none", "Never"),
    ("rolling", "Months after earning"),
    ("yearly", "Yearly"),
]
RETURN_POLICIES = [
    ("recompute", "Count again what is kept"),
    ("proportional", "In proportion to the money"),
    ("keep", "Customer keeps the points"),
]
PRESETS = [("free", "Free choice"), ("punctuation", "Punctuation file")]
TARGET_PERIODS = [("always", "Always"), ("year", "Calendar year")]
TARGET_REPEATS = [
    ("once", "Once"),
    ("each", "Each time, the surplus counts on"),
]
TARGET_REVOKES = [
    ("keep", "Customer keeps the voucher"),
    ("if_unused", "Withdraw the voucher if it is not used"),
    ("debt", "Withdraw it, or take its worth in points"),
]
VOUCHER_STATES = [
    ("open", "Open"),
    ("used", "Used"),
    ("withdrawn", "Withdrawn"),
    ("owed", "Taken back in points"),
]
REWARD_KINDS = [
    ("block", "So many points for a fixed amount"),
    ("per_point", "Any number of points"),
    ("gift", "A product as a gift"),
    ("self_liquidating", "A product at a special price"),
    ("voucher", "A voucher for a later purchase"),
]
#: Rewards that put a product on the bill.
PRODUCT_REWARDS = ("gift", "self_liquidating")
#: States in which an order of the till stands for goods that were handed over.
PAID = ("paid", "done")
RULE_LEVELS = [
    ("program", "Program"),
    ("template", "Template"),
    ("account", "Customer"),
    ("product", "Product"),
    ("price_line", "Price line"),
]
RULES_MODES = [
    ("replace", "Instead of the program's rules"),
    ("add", "On top of the program's rules"),
]
APPLIES_TO = [
    ("all", "All goods"),
    ("product", "Product"),
    ("price_line", "Price line"),
    ("sell_group", "Sell group"),
]
CONTEXTS = [("product", "Per product line"), ("transaction", "Per transaction")]
#: Fields of a rule, in the order of the week, as Odoo names them elsewhere.
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
METHODS = [
    ("multiplier", "Per unit of money"),
    ("percent", "Percentage"),
    ("block", "Per whole block of money"),
    ("proportional", "In proportion to money"),
    ("quantity", "Per whole block of quantity"),
    ("formula", "Formula"),
    ("loy", "As LOY's price says"),
    ("none", "As the goods say"),
]
CHANNELS = [("pos", "At the till"), ("sale", "In Sales")]
ACCOUNT_STATES = [("active", "Active"), ("blocked", "Blocked")]
ALLOCATION_SOURCES = [
    ("pick", "Customers I choose"),
    ("tag", "Customers with a tag"),
    ("filter", "Customers of a filter"),
]
ALLOCATION_STATES = [("draft", "New"), ("running", "Unfinished"), ("done", "Done")]
DOCUMENT_KINDS = [
    ("sale", "Sale"),
    ("return", "Return"),
    ("expire", "Expiry"),
    ("adjust", "Adjustment"),
    ("opening", "Opening balance"),
    ("transfer", "Transfer"),
]
ENTRY_KINDS = [
    ("earn", "Earned"),
    ("return", "Returned"),
    ("redeem", "Redeemed"),
    ("restore", "Restored"),
    ("expire", "Expired"),
    ("adjust", "Adjusted"),
    ("opening", "Opening balance"),
    ("transfer", "Transferred"),
]
REVIEW_STATES = [
    ("to_settle", "To settle"),
    ("overdrawn", "Overdrawn"),
    ("formula", "Formula failed"),
    ("unpaid", "Reward not paid"),
    ("to_check", "To check"),
    ("done", "Done"),
]
POINTS_TYPES = [
    ("none", "Goods"),
    ("loy", "Points product (LOY)"),
    ("loypay", "Redemption product (LOYPAY)"),
]
POINTS_POLICIES = [
    ("program", "As the program says"),
    ("fixed", "Fixed points per unit"),
    ("excluded", "No points"),
]

#: Points have four decimals in the ledger, whatever a program shows.
POINTS_DIGITS = (16, LEDGER_DECIMALS)
#: The most points an account, a row or a limit can have, as SQL reads it.
POINTS_MOST = f"{LEDGER_LIMIT}"
#: Neither NaN nor infinity nor a slip of the keyboard gets past this (I6).
POINTS_RANGE = f"BETWEEN -{POINTS_MOST} AND {POINTS_MOST}"

#: What the first part of a root names: the model of its paper, and the field
#: of ``points.document`` that points there.
ROOT_PAPERS = {
    "pos": ("pos.order", "pos_order_id"),
    "inv": ("account.move", "move_id"),
}
