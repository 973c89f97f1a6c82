#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
Play a peer whose packets keep arriving early, so that some are always held.

usage: gre-early.py LOCAL PEER CALL-ID

First send one packet 0.2 s late, which raises the receiver's hold time; its
reorder-time of 1 s leaves room for a slow machine. If it took longer than that, try
again. Then send a burst every 0.1 s that lacks its first packet. Runs until killed.
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
    """Send one packet late; return whether it was in time to be accepted."""
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
