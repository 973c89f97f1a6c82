#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
Many clients that come back at the same moment: each opens a control connection and
asks for a call. They speak no PPP.

usage: mass-dial.py SERVER PREFIX ADDRESSES CLIENTS

The clients have the addresses PREFIX.1, PREFIX.2 and so on in turn. A client that
has no answer after a minute, or is told so late that there is no call, hangs up and
dials again after some seconds, as pppd's persist does: how many the server can start in
a minute depends on the machine. A client that is refused at once, or
loses its connection, or has no call after LIMIT seconds, has failed. Prints how many
have a call, how many failed, the seconds that the slowest waited for its
Outgoing-Call-Reply, and how often one dialled again; then answers Echo-Requests until
it is killed.
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
LATE = 50
HOLDOFF = 5
LIMIT = 400


class Client:
    def __init__(self, server, source, call_id):
        self.server, self.source = server, source
        self.began, self.patience = time.monotonic(), PATIENCE
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
            waited = time.monotonic() - self.asked
            if body[4] == 1:
                self.waited = waited
            elif waited > LATE:
                self.patience = 0
            else:
                self.failure = f"no call: result {body[4]}, error {body[5]}"
        elif kind == ECHORQ:
            self.tcp.sendall(message(ECHORP, body[:4] + struct.pack("!BBH", 1, 0, 0)))

    def over(self):
        return self.waited is not None or self.failure is not None

    def hang_up(self, selector):
        selector.unregister(self.tcp)
        self.tcp.close()

    def go_on(self, selector, now):
        """This client, or, when its patience is over, the one that dials again."""
        if self.over() or now - self.began <= self.patience:
            return self
        if self.tcp.fileno() >= 0:
            self.hang_up(selector)
            self.began, self.patience = now, HOLDOFF
            return self
        client = Client(self.server, self.source, self.call_id)
        selector.register(client.tcp, selectors.EVENT_WRITE, client)
        return client


def serve(selector, seconds):
    """Answer what comes within so long. Returns how many clients are over by it."""
    over = 0
    for key, events in selector.select(seconds):
        client, was_over = key.data, key.data.over()
        if events & selectors.EVENT_WRITE:
            client.writable()
            selector.modify(client.tcp, selectors.EVENT_READ, client)
        else:
            client.readable()
        over += client.over() and not was_over
        if client.failure:
            client.hang_up(selector)
    return over


def main():
    server, prefix, addresses, count = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:5])
    files = count + 64
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, max(files, resource.getrlimit(
        resource.RLIMIT_NOFILE)[1])))
    selector = selectors.DefaultSelector()
    began = time.monotonic()
    left, again, reported, looked, clients = count, 0, False, began, []
    for n in range(count):
        client = Client(server, f"{prefix}.{n % addresses + 1}", n // addresses + 1)
        selector.register(client.tcp, selectors.EVENT_WRITE, client)
        clients.append(client)
        # No client waits until all others have dialled before it says something.
        if n % 20 == 0:
            left -= serve(selector, 0)
    while True:
        now = time.monotonic()
        if not reported and now - looked > 1:
            looked, before = now, clients
            clients = [client.go_on(selector, now) for client in clients]
            again += sum(a is not b for a, b in zip(before, clients))
        if not reported and (left == 0 or now - began > LIMIT):
            failures = collections.Counter(c.failure or "no answer" for c in clients
                                           if c.waited is None)
            slowest = max((c.waited for c in clients if c.waited is not None), default=0)
            print(f"{count - sum(failures.values())} calls, {sum(failures.values())} failures, "
                  f"the slowest after {slowest:.1f} s, all in {now - began:.1f} s, "
                  f"{again} dialled again",
                  *(f"{n} times: {why}" for why, n in failures.items()), sep="\n", flush=True)
            reported = True
        left -= serve(selector, 1)


main()
