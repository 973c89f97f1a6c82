#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
Send the GRE packets that are asked for, one after another.

usage: gre-send.py LOCAL PEER CALL-ID PACKET...

A PACKET is seq=N, ack=N or both with a comma between them. Two words are none:
wait=SECONDS, and got=N, which waits until the peer has acknowledged N.
"""
import select
import socket
import struct
import sys
import time

KEY, SEQUENCE, ACK, VERSION = 0x2000, 0x1000, 0x0080, 1
FRAME = b"\xff\x03\xc2\x23" + bytes(60)

local, peer, call_id = sys.argv[1], sys.argv[2], int(sys.argv[3])
raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_GRE)
raw.bind((local, 0))


def send(seq=None, ack=None):
    flags = KEY | VERSION | (SEQUENCE if seq is not None else 0) | (ACK if ack is not None else 0)
    payload = b"" if seq is None else FRAME
    packet = struct.pack("!HHHH", flags, 0x880B, len(payload), call_id)
    for number in seq, ack:
        if number is not None:
            packet += struct.pack("!I", number)
    raw.sendto(packet + payload, (peer, 0))


def acknowledged():
    """The number in the next packet that acknowledges."""
    while select.select([raw], [], [], 10)[0]:
        packet = raw.recv(4000)
        gre = packet[(packet[0] & 15) * 4:]
        flags = struct.unpack("!H", gre[:2])[0]
        if flags & ACK:
            return struct.unpack_from("!I", gre, 12 if flags & SEQUENCE else 8)[0]
    sys.exit("no acknowledgment came")


def until(number):
    last = None
    while last != number:
        last = acknowledged()


for word in sys.argv[4:]:
    parts = dict(part.split("=") for part in word.split(","))
    if "wait" in parts:
        time.sleep(float(parts["wait"]))
    elif "got" in parts:
        until(int(parts["got"]))
    else:
        send(**{name: int(value) for name, value in parts.items()})
