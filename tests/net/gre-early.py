#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
Play a peer whose packets keep coming too early, so that some are always held.

usage: gre-early.py LOCAL PEER CALL-ID

First one packet comes 0.7 s late, which teaches the receiver to wait that long
(its reorder-time has to allow it). Then every 0.3 s a burst follows that lacks
its first packet. It ends when it is killed.
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


send(0)
send(2)
time.sleep(0.7)
send(1)
print("trained", flush=True)
for first in itertools.count(3, 20):
    for number in range(first + 1, first + 20):
        send(number)
    time.sleep(0.3)
