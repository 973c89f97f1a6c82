#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
Send the given GRE packets, one after another.

usage: gre-send.py LOCAL PEER CALL-ID WORD...

A WORD is a packet: seq=N, ack=N or both, separated by a comma; or
    run=A-B       the packets A to B, at most 64 ahead of the peer's acknowledgment, so
                  that no queue overflows. The peer must acknowledge every 64th at
                  once (a window of 256)
    burst=A-B     the packets A to B, as fast as possible
    late=N        N+1, then N after 0.7 s: with a reorder-time of 1 s the receiver then
                  holds early packets for almost as long. If N came too late, repeat
                  with the next two; prints the next number to use
    inside=ADDR   from here on carry UDP to this address, not a frame that PPP passes
                  to nobody
    wait=SECONDS  sleep
    got=N         wait until the peer has acknowledged N
"""
import select
import socket
import struct
import sys
import time

KEY, SEQUENCE, ACK, VERSION = 0x2000, 0x1000, 0x0080, 1
AHEAD = 64
frame = b"\xff\x03\xc2\x23" + bytes(60)

local, peer, call_id = sys.argv[1], sys.argv[2], int(sys.argv[3])
raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_GRE)
raw.bind((local, 0))


def send(seq=None, ack=None):
    flags = KEY | VERSION | (SEQUENCE if seq is not None else 0) | (ACK if ack is not None else 0)
    payload = b"" if seq is None else frame
    packet = struct.pack("!HHHH", flags, 0x880B, len(payload), call_id)
    for number in seq, ack:
        if number is not None:
            packet += struct.pack("!I", number)
    raw.sendto(packet + payload, (peer, 0))


def acknowledged():
    """Return the next acknowledgment number received."""
    while select.select([raw], [], [], 10)[0]:
        packet = raw.recv(4000)
        gre = packet[(packet[0] & 15) * 4:]
        flags = struct.unpack("!H", gre[:2])[0]
        if flags & ACK:
            return struct.unpack_from("!I", gre, 12 if flags & SEQUENCE else 8)[0]
    sys.exit("timeout waiting for an acknowledgment")


def wait_ack(number):
    last = None
    while last != number:
        last = acknowledged()


def run(first, last):
    for start in range(first, last + 1, AHEAD):
        end = min(start + AHEAD - 1, last)
        burst(start, end)
        wait_ack(end)


def burst(first, last):
    for seq in range(first, last + 1):
        send(seq)


def late(seq):
    while True:
        start = time.monotonic()
        send(seq + 1)
        time.sleep(0.7)
        send(seq)
        seq += 2
        if time.monotonic() - start < 0.95:
            break
    print(seq, flush=True)


def checksum(header):
    total = sum(struct.unpack("!10H", header))
    total = (total & 0xFFFF) + (total >> 16)
    return ~(total + (total >> 16)) & 0xFFFF


def inside(address):
    """Build a frame with an empty UDP packet to the discard port."""
    def header(check):
        return struct.pack("!BBHHHBBH4s4s", 0x45, 0, 28, 0, 0, 64, socket.IPPROTO_UDP, check,
                           socket.inet_aton("10.0.0.2"), socket.inet_aton(address))
    return b"\xff\x03\x00\x21" + header(checksum(header(0))) + struct.pack("!HHHH", 9, 9, 8, 0)


for word in sys.argv[4:]:
    kind, _, value = word.partition("=")
    if kind == "wait":
        time.sleep(float(value))
    elif kind == "got":
        wait_ack(int(value))
    elif kind == "inside":
        frame = inside(value)
    elif kind == "late":
        late(int(value))
    elif kind in ("run", "burst"):
        (run if kind == "run" else burst)(*map(int, value.split("-")))
    else:
        send(**{name: int(n) for name, n in (part.split("=") for part in word.split(","))})
