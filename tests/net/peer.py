#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
A PNS that sends unusual but valid TCP segments and messages, and checks the replies.

usage: peer.py SERVER split      a message in two segments, split at every byte
       peer.py SERVER bytes      a whole session in one-byte segments
       peer.py SERVER hundred    a hundred messages in one segment
       peer.py SERVER lan        what a Windows router sends from LAN to LAN
       peer.py SERVER quick N    N calls in sequence; print the longest time from
                                 connect to Outgoing-Call-Reply in milliseconds
       peer.py SERVER odd        names, numbers and statistics with control characters,
                                 in calls that stay up until killed
       peer.py SERVER loop       create and clear calls, until killed
"""
import socket
import struct
import sys
import time

SCCRQ, SCCRP, STOPRQ, STOPRP, ECHORQ, ECHORP, OCRQ, OCRP = range(1, 9)
ICRQ, ICRP, ICCN, CCRQ, CDN, WEN, SLI = range(9, 16)
LENGTHS = {SCCRQ: 156, SCCRP: 156, STOPRQ: 16, STOPRP: 16, ECHORQ: 16, ECHORP: 20, OCRQ: 168,
           OCRP: 32, ICRQ: 220, ICRP: 24, ICCN: 28, CCRQ: 16, CDN: 148, WEN: 40, SLI: 24}


def message(kind, body):
    return struct.pack("!HHIHH", 12 + len(body), 1, 0x1A2B3C4D, kind, 0) + body


def sccrq(host=b"", vendor=b"peer.py"):
    return message(SCCRQ, struct.pack("!HHIIHH64s64s", 0x100, 0, 3, 3, 0, 0, host, vendor))


def ocrq(call_id, number=b""):
    return message(OCRQ, struct.pack("!HHIIIIHHHH64s64s", call_id, call_id, 300, 10 ** 8, 3, 3,
                                     64, 0, len(number), 0, number, number))


def icrq(call_id, dialed, dialing):
    return message(ICRQ, struct.pack("!HHIIHH64s64s64s", call_id, call_id, 1, 0, len(dialed),
                                     len(dialing), dialed, dialing, dialing))


def cdn(call_id, statistics):
    return message(CDN, struct.pack("!HBBHH128s", call_id, 1, 0, 0, 0, statistics))


def sli(call_id, accm):
    return message(SLI, struct.pack("!HHII", call_id, 0, accm, accm))


def ccrq(call_id):
    return message(CCRQ, struct.pack("!HH", call_id, 0))


def echo(number):
    return message(ECHORQ, struct.pack("!I", number))


def stop():
    return message(STOPRQ, struct.pack("!BBH", 1, 0, 0))


class Peer:
    def __init__(self, server):
        self.tcp = socket.create_connection((server, 1723), 20)
        self.tcp.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, data):
        self.tcp.sendall(data)

    def acknowledged(self):
        """Wait until everything sent is acknowledged, to force a segment boundary."""
        while struct.unpack("i", fcntl_outq(self.tcp))[0]:
            pass

    def read(self, count):
        data = b""
        while len(data) < count:
            more = self.tcp.recv(count - len(data))
            if not more:
                sys.exit("peer.py: the server closed the connection")
            data += more
        return data

    def receive(self, *kinds):
        """Receive a message, which must be of one of these kinds; return kind and body."""
        length, one, magic, kind, _ = struct.unpack("!HHIHH", self.read(12))
        if (one, magic) != (1, 0x1A2B3C4D) or kind not in kinds or length != LENGTHS[kind]:
            sys.exit(f"peer.py: expected type {kinds}, received {kind} with length {length}")
        return kind, self.read(length - 12)

    def started(self):
        result = self.receive(SCCRP)[1][2]
        if result != 1:
            sys.exit(f"peer.py: the server refused with result {result}")

    def called(self, call_id):
        """Receive an Outgoing-Call-Reply; return the server's Call ID."""
        theirs, ours, result, error = struct.unpack("!HHBB", self.receive(OCRP)[1][:6])
        if (ours, result, error) != (call_id, 1, 0):
            sys.exit(f"peer.py: call {call_id} was answered {(ours, result, error)}")
        return theirs

    def cleared(self, theirs):
        """Receive the Call-Disconnect-Notify; return its Call Statistics."""
        while True:
            kind, body = self.receive(CDN, SLI, ECHORQ)
            if kind == CDN:
                break
        call_id, result = struct.unpack("!HB", body[:3])
        if (call_id, result) != (theirs, 4):
            sys.exit(f"peer.py: call {theirs} was cleared as {call_id}, result {result}")
        return body[8:].rstrip(b"\0").decode()

    def end(self):
        self.send(stop())
        self.receive(STOPRP)
        if self.tcp.recv(1):
            sys.exit("peer.py: data after the last reply")


def fcntl_outq(tcp):
    import fcntl
    return fcntl.ioctl(tcp, 0x5411, b"\0\0\0\0")  # SIOCOUTQ


def split(server):
    """Split each message of a session at each byte into two segments."""
    peer = Peer(server)
    peer.send(sccrq())
    peer.started()
    for at in range(1, len(ocrq(0))):
        peer.send(ocrq(at)[:at])
        peer.acknowledged()
        peer.send(ocrq(at)[at:])
        theirs = peer.called(at)
        cut = 1 + at % 15
        peer.send(ccrq(at)[:cut])
        peer.acknowledged()
        peer.send(ccrq(at)[cut:])
        peer.cleared(theirs)
    peer.end()
    for at in range(1, len(sccrq())):
        peer = Peer(server)
        peer.send(sccrq()[:at])
        peer.acknowledged()
        peer.send(sccrq()[at:])
        peer.started()
        peer.end()


def byte_segments(server):
    peer = Peer(server)
    for byte in sccrq() + ocrq(7):
        peer.send(bytes([byte]))
        peer.acknowledged()
    peer.started()
    theirs = peer.called(7)
    for byte in sli(theirs, 0) + ccrq(7):
        peer.send(bytes([byte]))
        peer.acknowledged()
    peer.cleared(theirs)
    peer.end()


def hundred(server):
    """Fill segments with messages; the server must answer each, in order."""
    peer = Peer(server)
    peer.send(sccrq())
    peer.started()
    together = b"".join(echo(number) for number in range(100))
    # More than the MTU, so TCP splits messages, too.
    for batch in (together[:16 * 80], together[16 * 80:], together):
        peer.send(batch)
        for number in (struct.unpack("!I", batch[at + 12:at + 16])[0] for at in range(0, len(batch), 16)):
            answer, result = struct.unpack("!IB", peer.receive(ECHORP)[1][:5])
            if (answer, result) != (number, 1):
                sys.exit(f"peer.py: echo {number} was answered {answer}, result {result}")
    # Different kinds in one segment; the last one ends the session.
    peer.send(ocrq(1) + ocrq(2) + echo(3) + ccrq(9) + stop())
    while peer.receive(OCRP, ECHORP, STOPRP)[0] != STOPRP:
        pass
    if peer.tcp.recv(1):
        sys.exit("peer.py: data after the last reply")


def lan(server):
    peer = Peer(server)
    peer.send(sccrq())
    peer.started()
    peer.send(ocrq(0))  # Windows starts at 0
    theirs = peer.called(0)
    for accm in (0xFFFFFFFF, 0xFFFFFFFF, 0, 0):
        peer.send(sli(theirs, accm))
    peer.receive(SLI)
    for number in range(1, 4):
        peer.send(echo(number))
        peer.receive(ECHORP)
    peer.send(sli(theirs, 0xFFFFFFFF))
    peer.send(ccrq(0))
    print(peer.cleared(theirs))
    peer.end()


def quick(server, number):
    slowest = 0
    for call_id in range(int(number)):
        began = time.monotonic()
        peer = Peer(server)
        peer.send(sccrq())
        peer.started()
        peer.send(ocrq(call_id))
        theirs = peer.called(call_id)
        slowest = max(slowest, time.monotonic() - began)
        peer.send(ccrq(call_id))
        peer.cleared(theirs)
        peer.end()
    print(round(slowest * 1000))


# An escape sequence; C1 as a byte and as UTF-8; a bidi override; invalid UTF-8; DEL; CR
# LF; a valid letter; text after NUL.
ODD = b"\x1b[2J\x9b1m\xc2\x9b3m\xe2\x80\xae\xff\x7f\r\nodd-%s-\xc3\xa4\0hidden"


def odd(server):
    peer = Peer(server)
    peer.send(sccrq(ODD % b"host", ODD % b"vendor"))
    peer.started()
    peer.send(ocrq(1, ODD % b"number"))
    peer.called(1)
    for call_id in 2, 3:
        peer.send(icrq(call_id, ODD % b"dialed", ODD % b"dialing"))
        while True:
            kind, body = peer.receive(ICRP, SLI)
            if kind == ICRP:
                break
        if body[4] != 1:
            sys.exit(f"peer.py: the offered call was answered with result {body[4]}")
        if call_id == 2:
            peer.send(cdn(call_id, ODD % b"statistics"))
    print("all was sent", flush=True)
    peer.tcp.settimeout(None)
    while peer.tcp.recv(4096):
        pass


def loop(server):
    """Create and clear calls as fast as the server allows, forever."""
    peer = Peer(server)
    peer.send(sccrq())
    peer.started()
    call_id = 0
    while True:
        call_id = (call_id + 1) % 65536
        peer.send(ocrq(call_id))
        theirs, _, result, _ = struct.unpack("!HHBB", peer.receive(OCRP)[1][:6])
        if result == 1:
            peer.send(ccrq(call_id))
            peer.cleared(theirs)


if __name__ == "__main__":
    {"split": split, "bytes": byte_segments, "hundred": hundred, "lan": lan,
     "quick": quick, "odd": odd, "loop": loop}[sys.argv[2]](sys.argv[1], *sys.argv[3:])
