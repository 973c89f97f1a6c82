#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
Come as far as a state of a control connection, and then no further.

usage: half-close.py client SERVER STATE WAY    we open the connection, as a PNS
       half-close.py server ADDRESS STATE WAY   we are dialled, as a PAC
       half-close.py states client|server       names them

WAY is half-close (we send no more, and read on), reset, or silence (we neither
send nor read). Prints "there" when the state is reached. Ends when the other side
has closed the connection.
"""
import socket
import struct
import sys

import peer
from peer import ccrq, message, ocrq, sccrq, stop

ID = 77


def sccrp():
    return message(peer.SCCRP, struct.pack("!HBBIIHH64s64s", 0x100, 1, 0, 3, 3, 0, 0, b"", b""))


def ocrp(theirs):
    return message(peer.OCRP, struct.pack("!HHBBHIHHI", ID, theirs, 1, 0, 0, 10 ** 8, 64, 0, 0))


# What leads from one state to the next, by the state's name, in order.
CLIENT = {
    "accepted": lambda tcp: None,
    "part of a SCCRQ": lambda tcp: tcp.say(sccrq()[:100]),
    "SCCRQ sent": lambda tcp: tcp.say(sccrq()[100:]),
    "SCCRP received": lambda tcp: tcp.started(),
    "part of an OCRQ": lambda tcp: tcp.say(ocrq(ID)[:11]),
    "OCRQ sent": lambda tcp: tcp.say(ocrq(ID)[11:]),
    "call established": lambda tcp: tcp.called(ID),
    "CCRQ sent": lambda tcp: tcp.say(ccrq(ID)),
    "call cleared": lambda tcp: tcp.hear(peer.CDN),
    "StopCCRQ sent": lambda tcp: tcp.say(stop()),
}


def answer_call(tcp):
    tcp.say(ocrp(tcp.theirs))
    tcp.hear(peer.SLI)  # what the other side says once it is established


def receive_call(tcp):
    tcp.theirs = struct.unpack("!H", tcp.hear(peer.OCRQ)[1][:2])[0]


SERVER = {
    "accepted": lambda tcp: None,
    "SCCRQ received": lambda tcp: tcp.hear(peer.SCCRQ),
    "part of a SCCRP": lambda tcp: tcp.say(sccrp()[:100]),
    "SCCRP sent": lambda tcp: tcp.say(sccrp()[100:]),
    "OCRQ received": receive_call,
    "call established": answer_call,
    # Whoever dialled hangs up.
    "CCRQ received": lambda tcp: tcp.hear(peer.CCRQ),
    "CDN sent": lambda tcp: tcp.say(message(peer.CDN, struct.pack("!HBBHH128s", ID, 4, 0, 0, 0, b""))),
    "StopCCRQ received": lambda tcp: tcp.hear(peer.STOPRQ),
}


class Living(peer.Peer):
    """One that answers Echo-Requests, as long as it waits for something else."""
    def hear(self, *kinds):
        while True:
            kind, body = super().hear(*kinds, peer.ECHORQ, peer.SLI)
            if kind in kinds:
                return kind, body
            if kind == peer.ECHORQ:
                self.say(message(peer.ECHORP, body[:4] + bytes([1, 0, 0, 0])))


class Accepted(Living):
    def __init__(self, address):
        listener = socket.create_server((address, 1723))
        print("listening", flush=True)
        self.tcp = listener.accept()[0]
        self.tcp.settimeout(20)


def wait_for_end(tcp, read):
    """The other side must close. One that is silent must not read: it looks at TCP's state."""
    tcp.settimeout(20)
    try:
        while read and tcp.recv(4096):
            pass
        while not read and tcp.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] == 1:
            peer.time.sleep(0.05)  # TCP_ESTABLISHED
    except ConnectionResetError:
        pass


def end(tcp, way):
    if way == "reset":
        tcp.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    elif way == "half-close":
        tcp.shutdown(socket.SHUT_WR)
        wait_for_end(tcp, True)
    else:
        wait_for_end(tcp, False)
    tcp.close()


def main(role, address, state, way):
    tcp = Living(address) if role == "client" else Accepted(address)
    for name, step in (CLIENT if role == "client" else SERVER).items():
        step(tcp)
        if name == "call established":
            print("up", flush=True)
        if name == state:
            break
    print("there", flush=True)
    end(tcp.tcp, way)


if sys.argv[1] == "states":
    print("\n".join(CLIENT if sys.argv[2] == "client" else SERVER))
else:
    main(*sys.argv[1:])
