#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
Many clients that come back at the same moment: each opens a control connection and
asks for a call. They speak no PPP.

usage: mass-dial.py SERVER PREFIX ADDRESSES CLIENTS

The clients have the addresses PREFIX.1, PREFIX.2 and so on in turn. A client that
has no call after 60 s has failed. Prints how many have got one, how many not, and
the seconds that the slowest waited for its Outgoing-Call-Reply; then answers
Echo-Requests until it is killed.
"""
import collections
import errno
import resource
import selectors
import socket
import struct
import sys
import time

from peer import ECHORP, ECHORQ, OCRP, SCCRP, message, ocrq, sccrq

PATIENCE = 60


class Client:
    def __init__(self, server, source, call_id):
        self.tcp = socket.socket()
        self.tcp.setblocking(False)
        self.tcp.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.tcp.bind((source, 0))
        self.call_id = call_id
        self.connected = False
        self.asked = self.waited = self.failure = None
        self.octets = b""
        result = self.tcp.connect_ex((server, 1723))
        if result != errno.EINPROGRESS:
            raise OSError(result, "connect")

    def writable(self):
        error = self.tcp.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if error:
            self.failure = f"TCP: {errno.errorcode[error]}"
            return
        self.connected = True
        self.tcp.sendall(sccrq())

    def readable(self):
        try:
            more = self.tcp.recv(4096)
        except OSError as error:
            self.failure = f"TCP: {errno.errorcode[error.errno]}"
            return
        if not more:
            self.failure = "the server closed the connection"
        self.octets += more
        while len(self.octets) >= 12:
            length, _, _, kind, _ = struct.unpack("!HHIHH", self.octets[:12])
            if len(self.octets) < length:
                break
            self.hear(kind, self.octets[12:length])
            self.octets = self.octets[length:]

    def hear(self, kind, body):
        if kind == SCCRP:
            if body[2] != 1:
                self.failure = f"refused: result {body[2]}, error {body[3]}"
            self.tcp.sendall(ocrq(self.call_id))
            self.asked = time.monotonic()
        elif kind == OCRP:
            if body[4] != 1:
                self.failure = f"no call: result {body[4]}, error {body[5]}"
            else:
                self.waited = time.monotonic() - self.asked
        elif kind == ECHORQ:
            self.tcp.sendall(message(ECHORP, body[:4] + struct.pack("!BBH", 1, 0, 0)))

    def over(self):
        return self.waited is not None or self.failure is not None


def main():
    server, prefix, addresses, count = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:5])
    files = count + 64
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, max(files, resource.getrlimit(
        resource.RLIMIT_NOFILE)[1])))
    selector = selectors.DefaultSelector()
    began = time.monotonic()
    clients = [Client(server, f"{prefix}.{n % addresses + 1}", n // addresses + 1)
               for n in range(count)]
    for client in clients:
        selector.register(client.tcp, selectors.EVENT_WRITE, client)
    left, reported = count, False
    while True:
        if not reported and (left == 0 or time.monotonic() - began > PATIENCE):
            failures = collections.Counter(c.failure or "no answer" for c in clients
                                           if c.waited is None)
            slowest = max((c.waited for c in clients if c.waited is not None), default=0)
            print(f"{count - sum(failures.values())} calls, {sum(failures.values())} failures, "
                  f"the slowest after {slowest:.1f} s, all in {time.monotonic() - began:.1f} s",
                  *(f"{n} times: {why}" for why, n in failures.items()), sep="\n", flush=True)
            reported = True
        for key, events in selector.select(1):
            client, was_over = key.data, key.data.over()
            if events & selectors.EVENT_WRITE:
                client.writable()
                selector.modify(client.tcp, selectors.EVENT_READ, client)
            else:
                client.readable()
            left -= client.over() and not was_over
            if client.failure:
                selector.unregister(client.tcp)
                client.tcp.close()


main()
