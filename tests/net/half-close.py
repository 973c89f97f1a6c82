#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
Drive a control connection to a given state, and stop there.

usage: half-close.py client SERVER STATE WAY    we open the connection, as a PNS
       half-close.py server ADDRESS STATE WAY   we are dialled, as a PAC
       half-close.py states client|server       print their names

WAY is half-close (stop sending, keep reading), reset, or silence (neither send nor
read). Prints "there" once the state is reached. Exits when the other side has closed
the connection.
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


# The steps that lead from one state to the next, by the state's name, in order.
CLIENT = {
    "accepted": lambda tcp: None,
    "part of a SCCRQ": lambda tcp: tcp.send(sccrq()[:100]),
    "SCCRQ sent": lambda tcp: tcp.send(sccrq()[100:]),
    "SCCRP received": lambda tcp: tcp.started(),
    "part of an OCRQ": lambda tcp: tcp.send(ocrq(ID)[:11]),
    "OCRQ sent": lambda tcp: tcp.send(ocrq(ID)[11:]),
    "call established": lambda tcp: tcp.called(ID),
    "CCRQ sent": lambda tcp: tcp.send(ccrq(ID)),
    "call cleared": lambda tcp: tcp.receive(peer.CDN),
    "StopCCRQ sent": lambda tcp: tcp.send(stop()),
}


def answer_call(tcp):
    tcp.send(ocrp(tcp.theirs))
    tcp.receive(peer.SLI)  # sent by the other side once established


def receive_call(tcp):
    tcp.theirs = struct.unpack("!H", tcp.receive(peer.OCRQ)[1][:2])[0]


SERVER = {
    "accepted": lambda tcp: None,
    "SCCRQ received": lambda tcp: tcp.receive(peer.SCCRQ),
    "part of a SCCRP": lambda tcp: tcp.send(sccrp()[:100]),
    "SCCRP sent": lambda tcp: tcp.send(sccrp()[100:]),
    "OCRQ received": receive_call,
    "call established": answer_call,
    # The dialling side hangs up.
    "CCRQ received": lambda tcp: tcp.receive(peer.CCRQ),
    "CDN sent": lambda tcp: tcp.send(message(peer.CDN, struct.pack("!HBBHH128s", ID, 4, 0, 0, 0, b""))),
    "StopCCRQ received": lambda tcp: tcp.receive(peer.STOPRQ),
}


class Answering(peer.Peer):
    """A peer that answers Echo-Requests while it waits."""
    def receive(self, *kinds):
        while True:
            kind, body = super().receive(*kinds, peer.ECHORQ, peer.SLI)
            if kind in kinds:
                return kind, body
            if kind == peer.ECHORQ:
                self.send(message(peer.ECHORP, body[:4] + bytes([1, 0, 0, 0])))


class Accepted(Answering):
    def __init__(self, address):
        listener = socket.create_server((address, 1723))
        print("listening", flush=True)
        self.tcp = listener.accept()[0]
        self.tcp.settimeout(20)


def wait_for_end(tcp, read):
    """Wait for the other side to close. If silent, do not read: poll TCP's state."""
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
    tcp = Answering(address) if role == "client" else Accepted(address)
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
