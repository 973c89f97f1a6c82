# SPDX-License-Identifier: GPL-2.0-or-later
"""What each benchmark is called in words, and what is asked of it."""


class Goal:
    """A bound on a ratio. Subclasses know its parts, and where it puts our number."""

    needs = {"kpptp"}

    def __init__(self, what, relation, bound):
        self.what, self.relation, self.bound = what, relation, bound

    def judge(self, ways):
        value = self.ratio(ways)
        met = value <= self.bound if self.relation == "<=" else value >= self.bound
        return {"what": self.what, "value": round(value, 3), "relation": self.relation,
                "goal": self.bound, "met": met, "number": self.number(ways)}


class Itself(Goal):
    """Our number is the ratio."""

    def ratio(self, ways):
        return ways["kpptp"]

    def number(self, ways):
        return self.bound


class To(Goal):
    """Our number, to that of another way."""

    def __init__(self, way, what, relation, bound):
        super().__init__(what, relation, bound)
        self.way, self.needs = way, {"kpptp", way}

    def ratio(self, ways):
        return ways["kpptp"] / ways[self.way]

    def number(self, ways):
        return self.bound * ways[self.way]


class Overhead(Goal):
    """What a tunnel costs over the bare path, ours to the in-tree driver's."""

    needs = {"kpptp", "pptp", "bare"}

    def ratio(self, ways):
        return (ways["kpptp"] - ways["bare"]) / (ways["pptp"] - ways["bare"])

    def number(self, ways):
        return ways["bare"] + self.bound * (ways["pptp"] - ways["bare"])


def at_least(bound):
    """So much of the in-tree driver's rate."""
    return [To("pptp", "to the in-tree driver's", ">=", bound)]


def itself(what, relation, bound):
    return [Itself(what, relation, bound)]


WIREGUARD = To("wireguard", "to WireGuard's", ">=", 1.2)

GOALS = {
    "instructions": [Overhead("overhead, to the in-tree driver's", "<=", 0.80)],
    "packets": at_least(1.1),
    "encrypted-up-stateless": at_least(1.5) + [WIREGUARD],
    "encrypted-down-stateless": at_least(1.5) + [WIREGUARD],
    "encrypted-packets-142-stateless": at_least(1.2),
    "encrypted-packets-1400-stateless": at_least(1.5),
    "encrypted-up-stateful": at_least(1.0),
    "encrypted-down-stateful": at_least(1.0),
    "clear-up": at_least(1.4),
    "clear-down": at_least(1.4),
    "clear-forwarded": at_least(1.3),
    "scale-one-encrypted": at_least(1.8),
    "scale-four": itself("four calls on two CPUs, to on one", ">=", 1.8),
    "goodput-delay-10ms": at_least(1.0),
    "goodput-delay-10ms-2ms": [To("bare", "to the bare link's", ">=", 1.2)],
    "goodput-delay-10ms-0.5ms-loss-0.1%": [To("bare", "to the bare link's", ">=", 0.9)],
    "one-way-near": itself("strict, of the rate without a window", ">=", 0.9),
    "one-way-far": itself("strict, of a window in each round trip", ">=", 0.9),
    "adversary": itself("of the goodput before", ">=", 0.9),
    "reorder-ascending": itself("2,048 held, to 16", "<=", 1.5),
    "reorder-descending": itself("2,048 held, to 16", "<=", 1.5),
    "reorder-random": itself("2,048 held, to 16", "<=", 1.5),
    "calls-setup": itself("the last thousand, to the first", "<=", 1.1),
    "calls-teardown": itself("the last thousand, to the first", "<=", 1.1),
    "calls-memory": itself("of one, without what PPP has for it", "<=", 1536),
    "calls-lookup": itself("a packet beside 60,000 calls, to beside 1", "<=", 1.02),
    "control-memory": itself("of both processes together", "<=", 100),
    "sessions-few": [To("pptpd", "set up a second, to Debian's pptpd", ">=", 0.9)],
    "sessions-few-bad": itself("refused, failed or lost", "<=", 0),
    "sessions-few-memory": [To("pptpd", "of a session, to Debian's pptpd", "<=", 1.0)],
    "sessions-last-to-first": itself("the last hundred, to the first", ">=", 0.8),
    "sessions-daemon": itself("of both processes together", "<=", 16),
    "sessions-pppd": itself("of each", "<=", 1024),
    "sessions-memory": itself("of each session, the kernel's too", "<=", 1400),
    "sessions-bad": itself("refused, failed or lost", "<=", 0),
    "under-fire-many": itself("an honest call, beside 250 attackers", "<=", 1000),
    "under-fire-one": itself("an honest call, beside one attacker", "<=", 1000),
    "under-fire-all": itself("an honest call, 5,000 connections kept", "<=", 1000),
}

# In words, and whether more or less is better.
TITLES = {
    "instructions": ("Instructions for a forwarded packet of 142 bytes", "less"),
    "packets": ("Packets of 142 bytes forwarded in a second", "more"),
    "encrypted-up-stateless": ("TCP, encrypted (MPPE-128, stateless), sending", "more"),
    "encrypted-down-stateless": ("TCP, encrypted (MPPE-128, stateless), receiving", "more"),
    "encrypted-packets-142-stateless": ("Encrypted packets of 142 bytes forwarded in a second", "more"),
    "encrypted-packets-1400-stateless": ("Encrypted packets of 1,400 bytes forwarded in a second", "more"),
    "encrypted-up-stateful": ("TCP, encrypted (MPPE-128, stateful), sending", "more"),
    "encrypted-down-stateful": ("TCP, encrypted (MPPE-128, stateful), receiving", "more"),
    "encrypted-packets-142-stateful": ("The same with 142 bytes, stateful", "more"),
    "encrypted-packets-1400-stateful": ("The same with 1,400 bytes, stateful", "more"),
    "clear-up": ("TCP in clear, sending", "more"),
    "clear-down": ("TCP in clear, receiving", "more"),
    "clear-forwarded": ("TCP in clear, forwarded through both ends", "more"),
    "scale-one-clear": ("TCP in clear, both ways at once, two CPUs", "more"),
    "scale-one-encrypted": ("TCP, encrypted (MPPE-128), both ways at once, two CPUs", "more"),
    "scale-four": ("What the second CPU gains four encrypted calls", "more"),
    "scale-four-2": ("TCP through four encrypted calls, two CPUs", "more"),
    "goodput-delay-10ms": ("TCP over a link with 10 ms of delay", "more"),
    "goodput-delay-10ms-2ms": ("TCP over a link whose delay varies (10 ± 2 ms)", "more"),
    "goodput-delay-10ms-0.5ms-loss-0.1%": ("TCP over a link that loses 0.1 %", "more"),
    "curve-delay-10ms-2ms": ("TCP over a link whose delay varies (10 ± 2 ms), over time", "more"),
    "sessions-few": ("Sessions set up in a second", "more"),
    "sessions-few-memory": ("Memory of a session", "less"),
}
