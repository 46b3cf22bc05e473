"""One request as a client sends it: own cursor, Odoo's retries, durable commit.

What is measured is the call below HTTP: no network, no browser.
"""

import contextlib
import gc
import re
import threading
import time
from dataclasses import dataclass, field
from functools import partial

from odoo import api
from odoo.service.model import call_kw, retrying


@dataclass(frozen=True)
class Call:
    """A request to /web/dataset/call_kw."""

    model: str
    method: str
    args: list
    context: dict = field(default_factory=dict)
    kwargs: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Cost:
    """What requests cost: queries, and milliseconds.

    ``wall`` is what a register waits; ``cpu`` the work of Odoo's process alone,
    steadier on a busy machine; ``sql`` the time between a query and its answer.
    """

    queries: int = 0
    wall: float = 0.0
    cpu: float = 0.0
    sql: float = 0.0

    def __add__(self, other):
        return Cost(
            self.queries + other.queries,
            self.wall + other.wall,
            self.cpu + other.cpu,
            self.sql + other.sql,
        )


def perform(registry, user_id: int, call: Call) -> tuple[object, Cost]:
    """Perform one request; return its answer and its cost."""
    return perform_here(registry, user_id, partial(_call, call=call))


def perform_here(registry, user_id: int, ask) -> tuple[object, Cost]:
    """Do what a request does on the server; return the result and what it costs."""
    thread = threading.current_thread()
    thread.query_count, thread.query_time = 0, 0.0
    began, began_cpu = time.perf_counter(), time.process_time()
    with registry.cursor() as cr:
        env = api.Environment(cr, user_id, {})
        env.transaction.default_env = env
        answer = retrying(partial(ask, env), env)
    wall, cpu = time.perf_counter() - began, time.process_time() - began_cpu
    milliseconds = (1000 * seconds for seconds in (wall, cpu, thread.query_time))
    return answer, Cost(thread.query_count, *milliseconds)


def _call(env, call: Call):
    context = {"lang": "en_US", "tz": "UTC", "uid": env.uid, **call.context}
    arguments, more = list(call.args), {**call.kwargs, "context": context}
    return call_kw(env[call.model], call.method, arguments, more)


@contextlib.contextmanager
def listening(seen: list):
    """Append (text, milliseconds) of every query of this block to ``seen``."""

    def listen(cr, query, parameters, start, seconds):
        text = getattr(query, "code", query)
        text = text.decode(errors="replace") if isinstance(text, bytes) else text
        seen.append((" ".join(text.split()), 1000 * seconds))

    thread = threading.current_thread()
    thread.query_hooks = [listen]
    try:
        yield
    finally:
        thread.query_hooks = []


@contextlib.contextmanager
def quiet_memory():
    """Collect garbage first, so that what was there before is not looked at again."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


_NESTED = re.compile(r"\([^()]*\)")
_TABLE = re.compile(r'\b(?:FROM|INTO|UPDATE) (?:ONLY )?"?([a-z_0-9]+)"?', re.I)


def kind_of(query: str) -> str:
    """Return what a query does to which table: INSERT points_entry."""
    if "SAVEPOINT" in query[:20]:
        return query.rsplit(" ", 1)[0]
    outer = query
    while (shorter := _NESTED.sub("", outer)) != outer:
        outer = shorter
    verb = outer.split()[0].upper()
    if verb == "WITH":
        verb = re.search(r"\b(UPDATE|INSERT|DELETE|SELECT)\b", outer).group()
    table = _TABLE.search(outer) or _TABLE.search(query)
    return f"{verb} {table.group(1)}" if table else query[:50]
