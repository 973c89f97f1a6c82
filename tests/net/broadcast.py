#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
Send one GRE packet to the peer's IP address, with a broadcast Ethernet address.

usage: broadcast.py DEVICE LOCAL PEER CALL-ID SEQ
"""
import socket
import struct
import sys

device, local, peer, call_id, seq = sys.argv[1:3] + sys.argv[3:4] + [int(n) for n in sys.argv[4:]]


def checksum(header):
    total = sum(struct.unpack("!10H", header))
    total = (total & 0xFFFF) + (total >> 16)
    return ~(total + (total >> 16)) & 0xFFFF


payload = struct.pack("!HHHHI", 0x3001, 0x880B, 8, call_id, seq) + b"\xff\x03\xc2\x23" + bytes(4)
ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), 0, 0, 64, socket.IPPROTO_GRE, 0,
                 socket.inet_aton(local), socket.inet_aton(peer))
ip = ip[:10] + struct.pack("!H", checksum(ip)) + ip[12:]
link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
link.bind((device, 0x0800))
link.send(b"\xff" * 6 + link.getsockname()[4] + struct.pack("!H", 0x0800) + ip + payload)
