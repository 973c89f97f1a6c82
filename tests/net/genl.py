#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
Send requests to the kernel's netlink family that kpptpctl cannot.

usage: genl.py own LOCAL PEER FIRST COUNT [FILE]
                                            create calls owned by this process; with
                                            PPP in the network namespace of FILE
       genl.py pass LOCAL PEER FIRST COUNT  the same; a child process inherits the socket
       genl.py join                         join the events group; print each event
       genl.py limits                       send a net-set without a limit
       genl.py dump [cookie N] [all]        dump calls; print their IDs
       genl.py impostor PORT                open and close a socket of another protocol on PORT

An error is printed with the kernel's message, and the exit status is 1. "own" prints
"made COUNT PORT" and waits for end of file on standard input.
"""
import os
import socket
import struct
import sys

NETLINK_ROUTE, NETLINK_GENERIC, SOL_NETLINK = 0, 16, 270
ADD_MEMBERSHIP, CAP_ACK, EXT_ACK = 1, 10, 11
REQUEST, ACK, DUMP = 1, 4, 0x300
ERROR, DONE = 2, 3


def numbers():
    """Parse the enums of the uapi header."""
    top = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
    values, value = {}, 0
    with open(os.path.join(top, "include/uapi/linux/kpptp.h"), encoding="ascii") as header:
        for line in header:
            line = line.strip()
            if line.startswith(("enum", "};")):
                value = 0
            elif line.startswith(("KPPTP_", "__KPPTP_")) and line.endswith(","):
                name, _, start = line.rstrip(",").partition(" = ")
                value = int(start, 0) if start.isdigit() else value
                values[name] = value
                value += 1
    return values


N = numbers()


def attr(kind, value=b""):
    return struct.pack("=HH", 4 + len(value), kind) + value + b"\0" * (-len(value) % 4)


def attrs(data):
    found = {}
    while len(data) >= 4:
        size, kind = struct.unpack_from("=HH", data)
        found[kind & 0x3FFF] = data[4:size]
        data = data[(size + 3) & ~3:]
    return found


class Netlink:
    def __init__(self):
        self.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_GENERIC)
        for option in (CAP_ACK, EXT_ACK):
            self.sock.setsockopt(SOL_NETLINK, option, 1)
        self.sock.bind((0, 0))
        self.port = self.sock.getsockname()[0]
        self.seq = 0
        found = attrs(self.ask(16, 3, attr(2, b"kpptp\0"))[0])
        self.family = struct.unpack("=H", found[1])[0]
        group = attrs(attrs(found[7])[1])
        self.group = struct.unpack("=I", group[2])[0]

    def ask(self, family, cmd, body=b"", flags=0):
        """Send a request, return the attributes of each message of the reply."""
        self.seq += 1
        body = struct.pack("=BBH", cmd, 1, 0) + body
        self.sock.send(struct.pack("=IHHII", 16 + len(body), family, REQUEST | ACK | flags,
                                   self.seq, 0) + body)
        messages = []
        while True:
            data = self.sock.recv(65536)
            while data:
                size, kind, head_flags = struct.unpack_from("=IHH", data)
                body, data = data[16:size], data[(size + 3) & ~3:]
                if kind in (ERROR, DONE):
                    self.check(kind, body, head_flags)
                    return messages
                messages.append(body[4:])

    @staticmethod
    def check(kind, body, flags):
        error = struct.unpack_from("=i", body)[0] if len(body) >= 4 else 0
        if not error:
            return
        why = ""
        if flags & 0x200:
            skip = 4 if kind == DONE else 20
            why = attrs(body[skip:]).get(1, b"").rstrip(b"\0").decode()
        print(f"refused: {os.strerror(-error)}: {why}")
        sys.exit(1)

    def kpptp(self, cmd, body=b"", flags=0):
        return self.ask(self.family, N[cmd], body, flags)


def call_attr(name, value=b""):
    return attr(N["KPPTP_A_CALL_" + name], value)


def own(nl, local, peer, first, count, netns=None):
    ppp = b""
    if netns:
        ppp = call_attr("PPP_NETNS_FD", struct.pack("=I", os.open(netns, os.O_RDONLY)))
    for i in range(int(first), int(first) + int(count)):
        nl.kpptp("KPPTP_CMD_CALL_NEW",
                 call_attr("LOCAL", socket.inet_aton(local)) +
                 call_attr("PEER", socket.inet_aton(peer)) +
                 call_attr("ID", struct.pack("=H", i)) + call_attr("OWNED") + ppp)
    print("made", count, nl.port, flush=True)


def dump(nl, words):
    body = b""
    if "cookie" in words:
        body += call_attr("NETNS_COOKIE", struct.pack("=Q", int(words[words.index("cookie") + 1])))
    if "all" in words:
        body += call_attr("ALL_NETNS")
    for message in nl.kpptp("KPPTP_CMD_CALL_GET", body, DUMP):
        print(struct.unpack("=H", attrs(message)[N["KPPTP_A_CALL_ID"]])[0])


def join(nl):
    try:
        nl.sock.setsockopt(SOL_NETLINK, ADD_MEMBERSHIP, nl.group)
    except OSError as error:
        print("refused:", error.strerror)
        sys.exit(1)
    print("joined", flush=True)
    while True:
        data = nl.sock.recv(65536)
        print("event", data[16], flush=True)


def main():
    word, *words = sys.argv[1:]
    if word == "impostor":
        sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_ROUTE)
        sock.bind((int(words[0]), 0))
        sock.close()
        return
    nl = Netlink()
    if word in ("own", "pass"):
        own(nl, *words)
        if word == "pass" and os.fork():
            os._exit(0)
        sys.stdin.read()
    elif word == "join":
        join(nl)
    elif word == "limits":
        nl.kpptp("KPPTP_CMD_NET_SET")
    elif word == "dump":
        dump(nl, words)


if __name__ == "__main__":
    main()
