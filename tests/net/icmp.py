#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
Send an ICMP error that quotes a PPTP GRE packet.

usage: icmp.py SOURCE DESTINATION mtu QUOTED-SOURCE QUOTED-DESTINATION PEER-ID [MTU [version]]
       icmp.py SOURCE DESTINATION redirect QUOTED-SOURCE QUOTED-DESTINATION PEER-ID GATEWAY

With "version" the quoted packet has another GRE version.
"""
import socket
import struct
import sys


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def main():
    source, destination, kind, quoted_source, quoted_destination, peer_id, *words = sys.argv[1:]
    bits = 0x30000800 if "version" in words else 0x3001880B
    quote = struct.pack("!BBHHHBBH", 0x45, 0, 1500, 1, 0x4000, 64, 47, 0)
    quote += socket.inet_aton(quoted_source) + socket.inet_aton(quoted_destination)
    # Only the eight bytes that a router must quote.
    quote += struct.pack("!IHH", bits, 1400, int(peer_id))
    if kind == "mtu":
        head = struct.pack("!BBHHH", 3, 4, 0, 0, int(words[0]) if words else 1200)
    else:
        head = struct.pack("!BBH", 5, 1, 0) + socket.inet_aton(words[0])
    message = head[:2] + struct.pack("!H", checksum(head + quote)) + head[4:] + quote
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP) as sock:
        sock.bind((source, 0))
        sock.sendto(message, (destination, 0))


main()
