"""What happens at many registers at once, and what must hold afterwards."""

import itertools
import json
import signal
import threading
import time

from ground import postgres, prefork_server
from ground.console import GroundError, say
from ground.database import ensure_addon_template, temporary_database
from ground.logscan import report_unexpected
from ground.odoo_process import odoo_command, run_odoo, tail
from ground.places import CONFIG, DEV
from ground.ready import ensure_ready, require_addon

from .ledger import Ledger
from .register import NoAnswer, Order, Register

_HERE = DEV / "prefork"
_EXPECTED_LOG = _HERE / "expected_log.txt"
_LOG = "prefork"
_CAKE, _BOOK, _OFF = 100, 10, 5

_ORDERS_ON_ONE_CARD = 10
_MOST_DEFERRED = 5
_ROUNDS_OF_NEWCOMERS = 5
_ATTEMPTS, _AFFORDABLE = 200, 5
_KILLS, _SECONDS_BETWEEN_KILLS = 20, 0.7
_SECONDS_TO_SETTLE = 10
# A worker that died between two transactions leaves its order to the cron.
_SECONDS_TO_SETTLE_AFTER_KILLS = 100


def run() -> int:
    """Run all scenarios on one Odoo; return the exit code."""
    # Whoever ends this command ends what it has started.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    require_addon()
    ensure_ready()
    with temporary_database(ensure_addon_template(), durable=True) as database:
        shop = _open_shop(database)
        with prefork_server.running(database, _LOG) as server:
            complaints = Scenarios(server, shop).run()
        if report_unexpected(server.log, _EXPECTED_LOG):
            complaints.append("Odoo's log holds what nothing explains.")
    for complaint in complaints:
        say(f"  WRONG: {complaint}")
    say("FAILED; the reasons are above." if complaints else "All is well.")
    return 1 if complaints else 0


def _open_shop(database) -> dict:
    """Make the shop with its registers; return the ids that orders name."""
    say("Opening eight registers")
    command = odoo_command("shell", "-c", CONFIG, "-d", database, "--no-http")
    code, log = run_odoo("prefork-shop", command, (_HERE / "shop.py").read_text())
    said = [line for line in log.read_text().splitlines() if line.startswith("SHOP ")]
    if code or not said:
        raise GroundError(f"{tail(log)}\n\nThe shop could not be made; its log: {log}")
    return json.loads(said[0].removeprefix("SHOP "))


class Scenarios:
    """All that is tried, one after the other, and what was found to be wrong."""

    def __init__(self, server, shop):
        """Log all cashiers in."""
        self.server, self.shop = server, shop
        self.ledger = Ledger(server.database)
        self.registers = [
            Register(server.address, server.database, shop, place)
            for place in range(len(shop["registers"]))
        ]
        self.newcomers = iter(shop["newcomer_ids"])
        self.killed = 0
        self.complaints: list[str] = []

    def run(self) -> list:
        """Run every scenario; return what was wrong."""
        self._warm_up()
        self._sell_on_one_card()
        self._sell_to_newcomers()
        self._take_what_is_not_there()
        self._kill_workers()
        wrong = self.ledger.wrong_accounts()
        self._expect(not wrong, f"balance, entries and lots differ: accounts {wrong}")
        return self.complaints

    def _warm_up(self):
        """Fill the caches of all workers: a shop's first hour is over."""
        for _round in range(3):
            self._at_once(lambda register, _place: register.pay(self._cake(False)))

    # === SCENARIOS === #

    def _sell_on_one_card(self):
        """Ten orders of one customer at each register, as fast as they go."""
        baskets = [self._cakes(_ORDERS_ON_ONE_CARD) for _register in self.registers]
        seconds = self._sell("One card", baskets)
        deferred = self._report("8 registers x 10 orders on one card", baskets, seconds)
        few = deferred <= _MOST_DEFERRED
        self._expect(few, f"{deferred} orders of one card waited for the cron")

    def _sell_to_newcomers(self):
        """First orders of customers, eight at once: of eight, and of one."""
        for title, is_one in (("eight", False), ("one", True)):
            baskets, seconds = [], 0.0
            for _round in range(_ROUNDS_OF_NEWCOMERS):
                one = next(self.newcomers)
                orders = [
                    [self._cake(one if is_one else next(self.newcomers))]
                    for _register in self.registers
                ]
                seconds += self._sell(title, orders)
                baskets += orders
            title = f"first orders, 8 at once, of {title} new customer(s)"
            deferred = self._report(title, baskets, seconds)
            self._expect(not deferred, f"{deferred} {title} waited for the cron")

    def _take_what_is_not_there(self):
        """Eight registers take 100 of 500 points 200 times: five may succeed."""
        taken: list[Order] = []
        counts = {"refused": 0, "busy": 0}

        def work(register, _place):
            for _attempt in range(_ATTEMPTS // len(self.registers)):
                order = Order(self.shop["book_id"], _BOOK, self.shop["rich_id"], -100)
                order.add_reward(self.shop["loypay_id"], self.shop["reward_id"], _OFF)
                result = self._reserve(register, order)
                if result in counts:
                    counts[result] += 1
                else:
                    taken.append(order)
                    register.pay(order)

        seconds = self._at_once(work)
        title = f"{_ATTEMPTS} x 100 of 500 points: {len(taken)} taken, {counts}"
        self._report(title, [taken], seconds)
        self._expect(len(taken) == _AFFORDABLE, f"{len(taken)} rewards were taken")
        balance = self.ledger.balance_of(self.shop["rich_account_id"])
        self._expect(balance == 0, f"the balance is {balance} after all was taken")

    def _kill_workers(self):
        """Kill workers while registers sell, restart a server; nothing is lost."""
        baskets: list[list[Order]] = [[] for _register in self.registers]
        is_over = threading.Event()
        partners = [self.shop["shared_id"], *itertools.islice(self.newcomers, 8)]

        def work(register, place):
            for number in itertools.count():
                if is_over.is_set():
                    return
                order = self._cake(partners[(place + number) % len(partners)])
                baskets[place].append(order)
                register.pay(order)

        disturber = threading.Thread(target=self._disturb, args=[is_over], daemon=True)
        disturber.start()
        seconds = self._at_once(work)
        disturber.join()
        title = f"{self.killed} workers killed and a server restarted"
        self._expect(self.killed == _KILLS, f"only {title}")
        self._report(title, baskets, seconds, _SECONDS_TO_SETTLE_AFTER_KILLS)

    def _disturb(self, is_over):
        """Kill workers one after the other; half-way, restart a server."""
        try:
            for number in range(_KILLS):
                time.sleep(_SECONDS_BETWEEN_KILLS)
                self.server.ensure_running()
                self.killed += self.server.kill_a_worker()
                if number == _KILLS // 2:
                    self._restart_a_server()
            self.server.ensure_running()
        finally:
            is_over.set()

    # === STEPS === #

    def _cake(self, partner_id):
        points = _CAKE if partner_id else 0
        return Order(self.shop["cake_id"], _CAKE, partner_id, points)

    def _cakes(self, count):
        return [self._cake(self.shop["shared_id"]) for _number in range(count)]

    def _reserve(self, register, order):
        """Return ``taken``, ``refused``, or ``busy``: somebody else is at it."""
        arguments = order, self.shop["rich_account_id"], self.shop["reward_id"]
        try:
            return "refused" if register.reserve(*arguments) else "taken"
        except NoAnswer:
            return "busy"

    def _restart_a_server(self):
        """Restart PostgreSQL if it is ours, else Odoo."""
        if postgres.is_foreign():
            self.server.restart()
        else:
            postgres.restart_postgres()

    def _sell(self, title, baskets) -> float:
        """Let each register pay its orders, all at once; return the seconds."""

        def work(register, place):
            for order in baskets[place]:
                register.pay(order)

        return self._at_once(work)

    def _at_once(self, work) -> float:
        """Do something at all registers at the same time; return the seconds."""
        start = threading.Barrier(len(self.registers))
        errors = []

        def do(register, place):
            start.wait()
            try:
                work(register, place)
            except Exception as error:
                errors.append(error)

        threads = [
            threading.Thread(target=do, args=[register, place], daemon=True)
            for place, register in enumerate(self.registers)
        ]
        began = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if errors:
            raise errors[0]
        return time.monotonic() - began

    # === WHAT CAME OF IT === #

    def _report(self, title, baskets, seconds, patience=_SECONDS_TO_SETTLE) -> int:
        """Print the figures of orders, compare them; return how many were deferred."""
        orders = [order for basket in baskets for order in basket]
        waited = self._wait_until_settled(orders, patience)
        still_open = self.ledger.count_open(orders)
        deferred = self.ledger.count_by_cron(orders) + still_open
        conflicts = self.ledger.count_conflicts(orders)
        answers = sorted(
            answer for register in self.registers for answer in register.answers
        )
        again = sum(register.again for register in self.registers)
        say(f"{title}:")
        say(
            f"  {len(orders)} orders in {seconds:.1f} s; {conflicts} met a conflict, "
            f"{deferred} deferred to the cron, {still_open} open after {waited:.1f} s"
        )
        say(
            f"  answers: half within {answers[len(answers) // 2]:.2f} s, the longest "
            f"{answers[-1]:.2f} s; {again} requests were sent again"
        )
        for register in self.registers:
            register.answers, register.again = [], 0
        self._expect(not still_open, f"{title}: {still_open} are still open")
        self._compare(title, orders)
        return deferred

    def _wait_until_settled(self, orders, patience) -> float:
        """Wait until nothing is open; return the seconds, ``patience`` at most."""
        began = time.monotonic()
        while self.ledger.count_open(orders):
            if time.monotonic() - began > patience:
                break
            time.sleep(0.25)
        return time.monotonic() - began

    def _compare(self, title, orders):
        """Complain of orders that are lost, or whose points are not those expected."""
        found = self.ledger.points_by_order(orders)
        lost = [order for order in orders if found.get(order.uuid, (0, 0))[1] != 1]
        self._expect(not lost, f"{title}: {len(lost)} orders are not stored once")
        wrong = [
            f"{points:g} instead of {order.points}"
            for order in orders
            if (points := found.get(order.uuid, (0, 0))[0]) != order.points
        ]
        self._expect(not wrong, f"{title}: {len(wrong)} have {sorted(set(wrong))}")

    def _expect(self, is_good, complaint):
        if not is_good:
            self.complaints.append(complaint)
