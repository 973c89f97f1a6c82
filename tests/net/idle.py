#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
Open control connections without a call. Reopen those that the server closes, RATE
per second at most.

usage: idle.py SERVER EACH RATE FIRST-ADDRESS ADDRESSES

Each of ADDRESSES local addresses, starting with FIRST-ADDRESS, has EACH connections.
Prints "full" once all were attempted, and "again" once as many more were. Runs until
killed.
"""
import ipaddress
import resource
import select
import socket
import sys
import time

from peer import sccrq

server, each, rate = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
first, addresses = ipaddress.ip_address(sys.argv[4]), int(sys.argv[5])
count = each * addresses

resource.setrlimit(resource.RLIMIT_NOFILE, (count + 100, count + 100))
poll = select.epoll()
open_now = {}  # descriptor: [socket, address, whether the request was sent]
waiting = [str(first + n % addresses) for n in range(count)]
opened = 0


def connect(address):
    tcp = socket.socket()
    tcp.setblocking(False)
    tcp.setsockopt(socket.IPPROTO_IP, 24, 1)  # IP_BIND_ADDRESS_NO_PORT
    tcp.bind((address, 0))
    tcp.connect_ex((server, 1723))
    poll.register(tcp.fileno(), select.EPOLLOUT)
    open_now[tcp.fileno()] = [tcp, address]


def close(fd):
    poll.unregister(fd)
    tcp, address = open_now.pop(fd)
    tcp.close()
    waiting.append(address)


def serve(fd, events):
    tcp = open_now[fd][0]
    try:
        if events & (select.EPOLLERR | select.EPOLLHUP):
            close(fd)
        elif events & select.EPOLLOUT:
            tcp.send(sccrq())
            poll.modify(fd, select.EPOLLIN)
        elif len(tcp.recv(4096)) <= 16:  # nothing, or a Stop-Control-Connection-Request
            close(fd)
    except OSError:
        close(fd)


tick = time.monotonic()
due = 0.0
said = 0
while True:
    for fd, events in poll.poll(0.05):
        serve(fd, events)
    now = time.monotonic()
    due = min(due + (now - tick) * rate, rate)
    tick = now
    while due >= 1 and waiting:
        connect(waiting.pop(0))
        opened += 1
        due -= 1
    while said < 2 and opened >= count * (said + 1):
        print(("full", "again")[said], flush=True)
        said += 1
