#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
Many clients that dial at once: each opens a control connection and requests a call.
They do not run PPP.

usage: mass-dial.py SERVER PREFIX ADDRESSES CLIENTS

The clients use the addresses PREFIX.1, PREFIX.2 and so on in turn. A client that has
no reply within a minute, or is refused that late, hangs up and redials after a few
seconds, as pppd's persist does: how many calls the server can start in a minute depends
on the machine. A client that is refused at once, loses its connection, or has no call
after LIMIT seconds has failed. Prints how many have a call, how many failed, the
longest wait for an Outgoing-Call-Reply in seconds, and the number of redials; then
answers Echo-Requests until killed.
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
        self.received = b""
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
        self.received += more
        while len(self.received) >= 12:
            length, _, _, kind, _ = struct.unpack("!HHIHH", self.received[:12])
            if len(self.received) < length:
                break
            self.handle_message(kind, self.received[12:length])
            self.received = self.received[length:]

    def handle_message(self, kind, body):
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

    def finished(self):
        return self.waited is not None or self.failure is not None

    def hang_up(self, selector):
        selector.unregister(self.tcp)
        self.tcp.close()

    def redial(self, selector, now):
        """Return this client, or, once it ran out of patience, its replacement."""
        if self.finished() or now - self.began <= self.patience:
            return self
        if self.tcp.fileno() >= 0:
            self.hang_up(selector)
            self.began, self.patience = now, HOLDOFF
            return self
        client = Client(self.server, self.source, self.call_id)
        selector.register(client.tcp, selectors.EVENT_WRITE, client)
        return client


def serve(selector, seconds):
    """Handle events for that long. Returns how many clients finished."""
    finished = 0
    for key, events in selector.select(seconds):
        client, was_finished = key.data, key.data.finished()
        if events & selectors.EVENT_WRITE:
            client.writable()
            selector.modify(client.tcp, selectors.EVENT_READ, client)
        else:
            client.readable()
        finished += client.finished() and not was_finished
        if client.failure:
            client.hang_up(selector)
    return finished


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
        # Serve in between: no client should wait until all have dialled.
        if n % 20 == 0:
            left -= serve(selector, 0)
    while True:
        now = time.monotonic()
        if not reported and now - looked > 1:
            looked, before = now, clients
            clients = [client.redial(selector, now) for client in clients]
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
