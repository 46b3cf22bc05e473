"""What dev/bench can be told, shared by the command and the measuring process."""

import argparse

USAGE = """\
Measure what Customer Points adds to a register's order: queries, requests, time,
bytes on disk. The same orders go to Odoo alone, to Odoo with the add-on and to
Odoo with its own loyalty modules, each in a database of its own, made for this
run. Then many customers get an account by a filter, as the dialog does it:
queries, time, memory. Then spending at the register: choosing a customer, taking a
reward and paying, with 1, 5 and 10 programs, and the bytes of a session's start.
Then sales orders, from the quotation to the posted invoice, with 1, 20 and 100
lines: earning, and redeeming as well. Then reports, lists and forms with a big
ledger, with the add-on alone. Last, what evaluating formulas takes, beside
simpleeval and Odoo's safe_eval, and what hostile texts do to it. The exit code is 1
when a limit is broken; time alone never breaks one."""

#: What is measured, one after the other; the databases of a part are its own.
PARTS = ("register", "spending", "sales", "reading", "formulas")
WITHOUT_DATABASE = "formulas"
#: What Odoo without the add-on has nothing to compare with.
POINTS_ALONE = ("reading",)

#: How many, unless the command line says so: usually, and when it has to be quick.
_USUAL = {
    "orders": (60, 3),
    "scale": (1_000_000, 0),
    "entries": (1_000_000, 20_000),
    "sales": (20_000, 1000),
    "customers": (100_000, 5000),
    "products": (10_000, 1000),
    "evaluations": (100_000, 5000),
}


def read(arguments) -> argparse.Namespace:
    """Return the options of the command line."""
    options = _parser().parse_args(arguments)
    for name, usual in _USUAL.items():
        if getattr(options, name) is None:
            setattr(options, name, usual[options.quick])
    options.parts = [options.only] if options.only else list(PARTS)
    options.lines = [int(count) for count in options.lines.split(",")]
    return options


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="dev/bench",
        description=USAGE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add(
        "only",
        nargs="?",
        choices=PARTS,
        help="measure one part alone; formulas need no database",
    )
    add(
        "--quick",
        action="store_true",
        help="some minutes: counts are exact, times are not, no scale",
    )
    add("--orders", type=int, help="orders timed per case and target [60; quick: 3]")
    add("--lines", default="1,5,20,100", help="lines per order [1,5,20,100]")
    add("--scale", type=int, help="entries in the big ledger [1000000; quick: 0]")
    add("--entries", type=int, help="entries to read from [1000000; quick: 20000]")
    add("--sales", type=int, help="sales posted for the bytes [20000; quick: 1000]")
    add("--customers", type=int, help="customers to allocate [100000; quick: 5000]")
    add("--products", type=int, help="at a session's start [10000; quick: 1000]")
    add("--evaluations", type=int, help="of formulas [100000; quick: 5000]")
    add("--without-loyalty", action="store_true", help="leave Odoo's own out")
    add("--profile", action="store_true", help="show where the add-on's time goes")
    add("--seed", default="customer points", help="decides baskets and customers")
    add("--keep", action="store_true", help="do not drop the databases at the end")
    return parser
