#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
Play a peer whose packets keep coming too early, so that some are always held.

usage: gre-early.py LOCAL PEER CALL-ID

First one packet comes 0.2 s late, which teaches the receiver to wait that long;
its reorder-time of 1 s leaves room for a machine that is slow. If it took longer
all the same, the receiver has learnt nothing and this starts over. Then every
0.1 s a burst follows that lacks its first packet. It ends when it is killed.
"""
import itertools
import socket
import struct
import sys
import time

local, peer, call_id = sys.argv[1], sys.argv[2], int(sys.argv[3])
raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_GRE)
raw.bind((local, 0))
FRAME = b"\xff\x03\xc2\x23" + bytes(200)


def send(seq):
    header = struct.pack("!HHHHI", 0x3001, 0x880B, len(FRAME), call_id, seq)
    raw.sendto(header + FRAME, (peer, 0))


def train(first):
    """Whether one packet came late, but not too late."""
    send(first)
    start = time.monotonic()
    send(first + 2)
    time.sleep(0.2)
    send(first + 1)
    return time.monotonic() - start < 0.9


first = 0
while not train(first):
    first += 3
print("trained", flush=True)
for first in itertools.count(first + 3, 20):
    for number in range(first + 1, first + 20):
        send(number)
    time.sleep(0.1)
