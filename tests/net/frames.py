#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
Check how PPP frames are sent and received: compression of the protocol field and of
address and control (RFC 1661 sections 6.5 and 6.6), and very short frames.

usage: frames.py LOCAL PEER CHANNEL ID PEER-ID

This program is the call's peer, on a raw socket.
"""
import fcntl
import os
import select
import socket
import struct
import sys

PPPIOCATTCHAN = 0x40047438
PPPIOCGFLAGS = 0x8004745A
PPPIOCSFLAGS = 0x40047459
PROTOCOL, ADDRESS = 1, 2  # SC_COMP_PROT, SC_COMP_AC
BOTH = PROTOCOL | ADDRESS

LCP_REQUEST = "c021" "01010004"
LCP_ECHO = "c021" "09010008" "00000000"
CHAP = "c223" "0101"
IP = "0021" "45"

# Flags, the frame that PPP sends, and the expected payload.
SENT = [
    (0, IP, "ff03" + IP),
    (PROTOCOL, IP, "ff03" "21" "45"),
    (ADDRESS, IP, IP),
    (BOTH, IP, "21" "45"),
    (PROTOCOL, CHAP, "ff03" + CHAP),
    (BOTH, CHAP, CHAP),
    (BOTH, "c223", "c223"),
    # LCP codes 1 to 7 are never compressed.
    (0, LCP_REQUEST, "ff03" + LCP_REQUEST),
    (BOTH, LCP_REQUEST, "ff03" + LCP_REQUEST),
    (BOTH, "c021" "07010004", "ff03" "c021" "07010004"),
    (BOTH, LCP_ECHO, LCP_ECHO),
]

# A payload, and the frame that PPP must receive, or None.
RECEIVED = [
    ("ff03" + IP, IP),
    ("ff03" "21" "45", IP),
    (IP, IP),
    ("21" "45", IP),
    ("ff03" + CHAP, CHAP),
    (CHAP, CHAP),
    ("ff03" + LCP_REQUEST, LCP_REQUEST),
    (LCP_REQUEST, LCP_REQUEST),
    ("", None),
    ("ff03", None),
    ("21", "0021"),
    (CHAP + "00" * 1400, CHAP + "00" * 1400),
]


def attach(channel):
    fd = os.open("/dev/ppp", os.O_RDWR)
    fcntl.ioctl(fd, PPPIOCATTCHAN, struct.pack("i", channel))
    return fd


def set_flags(flags):
    fcntl.ioctl(ppp, PPPIOCSFLAGS, struct.pack("i", flags))
    answer = struct.unpack("i", fcntl.ioctl(ppp, PPPIOCGFLAGS, struct.pack("i", -1)))[0]
    if answer != flags:
        sys.exit(f"flags {flags} are {answer} when read back")


def readable(fd, seconds):
    return select.select([fd], [], [], seconds)[0]


def sent_payload():
    """Payload of the next data packet; skip standalone acks."""
    while readable(wire, 5):
        packet = wire.recv(4000)
        gre = packet[(packet[0] & 15) * 4:]
        flags, _, length, call_id = struct.unpack("!HHHH", gre[:8])
        if not flags & 0x1000:
            continue
        if call_id != peer_id:
            sys.exit(f"Call ID {call_id} instead of {peer_id}")
        payload = gre[12 + (4 if flags & 0x80 else 0):]
        if length != len(payload):
            sys.exit(f"Payload Length {length} with {len(payload)} bytes")
        return payload.hex()
    return "nothing"


def send_payload(seq, payload, padding=b""):
    wire.sendto(struct.pack("!HHHHI", 0x3001, 0x880B, len(payload), own_id, seq) + payload +
                padding, (local, 0))


local, peer = sys.argv[1], sys.argv[2]
own_id, peer_id = int(sys.argv[4]), int(sys.argv[5])
wire = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_GRE)
wire.bind((peer, 0))
ppp = attach(int(sys.argv[3]))

for flags, frame, expected in SENT:
    set_flags(flags)
    os.write(ppp, bytes.fromhex(frame))
    payload = sent_payload()
    if payload != expected:
        sys.exit(f"flags {flags}, frame {frame}: sent as {payload}, expected {expected}")

for seq, (payload, expected) in enumerate(RECEIVED):
    send_payload(seq, bytes.fromhex(payload))
    if not readable(ppp, 5 if expected else 0.3):
        frame = None
    else:
        frame = os.read(ppp, 4000).hex()
    if frame != expected:
        sys.exit(f"payload {payload}: PPP sees {frame}, expected {expected}")

# Padding added by the link is not part of the frame.
send_payload(len(RECEIVED), bytes.fromhex("ff03" + CHAP), bytes(18))
frame = os.read(ppp, 4000).hex() if readable(ppp, 5) else None
if frame != CHAP:
    sys.exit(f"a padded packet: PPP sees {frame}, expected {CHAP}")
