#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
A RADIUS proxy that is unreachable for a while at the end of each session: drop the
first tries of each Accounting-Request (Stop), and forward later ones to the real server.

usage: radius-away.py PORT SERVER-PORT SECONDS

Prints a line for each first try.
"""
import selectors
import socket
import sys
import time

ACCOUNTING_REQUEST, STATUS_TYPE, SESSION_ID, STOP = 4, 40, 44, 2


def attributes(packet):
    at, found = 20, {}
    while at + 2 <= len(packet) and packet[at + 1] >= 2:
        found[packet[at]] = packet[at + 2:at + packet[at + 1]]
        at += packet[at + 1]
    return found


def main():
    port, real, seconds = map(int, sys.argv[1:4])
    front = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    front.bind(("127.0.0.1", port))
    selector = selectors.DefaultSelector()
    selector.register(front, selectors.EVENT_READ, None)
    first, backs = {}, {}
    while True:
        for key, _ in selector.select():
            packet, source = key.fileobj.recvfrom(4096)
            if key.data:
                front.sendto(packet, key.data)
                continue
            found = attributes(packet)
            if packet[0] == ACCOUNTING_REQUEST and found[STATUS_TYPE][-1] == STOP:
                session = found[SESSION_ID]
                if session not in first:
                    first[session] = time.monotonic()
                    print("stop", session.decode(), flush=True)
                if time.monotonic() - first[session] < seconds:
                    continue
            if source not in backs:
                backs[source] = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                backs[source].connect(("127.0.0.1", real))
                selector.register(backs[source], selectors.EVENT_READ, source)
            backs[source].send(packet)


main()
