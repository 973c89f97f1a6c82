#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
Send malformed GRE packets.

usage: gre-garbage.py LOCAL PEER COUNT

Each has one of these randomized: everything, its length, its flags, or its Call ID.
The seed is fixed.
"""
import random
import socket
import struct
import sys

local, peer, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
rng = random.Random(2637)
raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_GRE)
raw.bind((local, 0))


def packet(kind):
    if kind == 0:
        return rng.randbytes(rng.randrange(0, 64))
    flags = rng.randrange(0x10000) if kind == 1 else 0x3081
    payload = rng.randbytes(rng.randrange(0, 32))
    header = struct.pack("!HHHHII", flags, 0x880B, len(payload), rng.randrange(0x10000),
                         rng.randrange(2 ** 32), rng.randrange(2 ** 32))
    whole = header + payload
    return whole[:rng.randrange(len(whole))] if kind == 2 else whole


for number in range(count):
    raw.sendto(packet(number % 4), (peer, 0))
