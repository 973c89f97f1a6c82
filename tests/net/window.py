#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
A peer that strictly obeys windows, and our PPP channel, in one program: a frame that
waits for our window must be sent once it opens, and the peer's window must reopen.

usage: window.py LOCAL PEER CHANNEL ID PEER-ID STEP

STEP is wait     fill our window: that many frames pass, one more must wait; then
                 print "waiting", and expect it within 10 s
        ack      the same, but acknowledge
        owe      send two packets, print "owed", and expect a standalone ack
                 within 10 s
"""
import fcntl
import os
import select
import socket
import struct
import sys

PPPIOCATTCHAN = 0x40047438
FRAME = bytes.fromhex("c2230101")
WINDOW = 2  # half of what the call was told


def packet(seconds):
    """Receive the call's next packet; return its sequence and ack numbers, or None."""
    while select.select([wire], [], [], seconds)[0]:
        received = wire.recv(4000)
        gre = received[(received[0] & 15) * 4:]
        flags, _, _, call_id = struct.unpack("!HHHH", gre[:8])
        if call_id != peer_id:
            continue
        at = 8
        number = ack = None
        if flags & 0x1000:
            number = struct.unpack("!I", gre[at:at + 4])[0]
            at += 4
        if flags & 0x80:
            ack = struct.unpack("!I", gre[at:at + 4])[0]
        return number, ack
    return None, None


def send(flags, words):
    payload = FRAME if flags & 0x1000 else b""
    wire.sendto(struct.pack(f"!HHHH{len(words)}I", flags, 0x880B, len(payload), own_id, *words) +
                payload, (local, 0))


def fill_window():
    for _ in range(WINDOW + 1):
        os.write(ppp, FRAME)
    for number in range(WINDOW):
        if packet(5)[0] != number:
            sys.exit(f"packet {number} was not sent")
    if packet(0.3)[0] is not None:
        sys.exit("more than the window was sent")
    print("waiting", flush=True)


def expect_next():
    number = packet(10)[0]
    if number != WINDOW:
        sys.exit(f"the window opened, and packet {number} was sent")


local, peer = sys.argv[1], sys.argv[2]
own_id, peer_id, step = int(sys.argv[4]), int(sys.argv[5]), sys.argv[6]
wire = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_GRE)
wire.bind((peer, 0))
ppp = os.open("/dev/ppp", os.O_RDWR)
fcntl.ioctl(ppp, PPPIOCATTCHAN, struct.pack("i", int(sys.argv[3])))
if step == "owe":
    for seq in (0, 1):
        send(0x3001, [seq])
    print("owed", flush=True)
    if packet(10)[1] != 1:
        sys.exit("no acknowledgment was sent")
else:
    fill_window()
    if step == "ack":
        send(0x2081, [0])
    expect_next()
