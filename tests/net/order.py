#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
Read the sequence numbers of PPTP GRE packets from an Ethernet capture (pcap). Prints
the number of data packets, how many of them follow a higher number, and how many
numbers are missing.

usage: order.py CAPTURE SOURCE-ADDRESS
"""
import socket
import struct
import sys


def packets(capture):
    order = "<" if capture[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
    at = 24
    while at + 16 <= len(capture):
        length = struct.unpack(order + "I", capture[at + 8:at + 12])[0]
        yield capture[at + 16:at + 16 + length]
        at += 16 + length


def numbers(capture, source):
    """Yield the sequence numbers of data packets, in order of capture."""
    for packet in packets(capture):
        if packet[12:14] != b"\x08\x00" or packet[23] != 47 or packet[26:30] != source:
            continue
        gre = packet[14 + (packet[14] & 15) * 4:]
        if gre[0] & 0x10:
            yield struct.unpack("!I", gre[8:12])[0]


with open(sys.argv[1], "rb") as file:
    seen = list(numbers(file.read(), socket.inet_aton(sys.argv[2])))
highest = -1
behind = 0
for number in seen:
    behind += number < highest
    highest = max(highest, number)
missing = max(seen) - min(seen) + 1 - len(set(seen)) if seen else 0
print(len(seen), behind, missing)
