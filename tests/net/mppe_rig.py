# SPDX-License-Identifier: GPL-2.0-or-later
"""
A PPP unit, a call, and the call's peer on a raw socket, for tests of MPPE that take each
step of the negotiation (CCP) by themselves. What becomes of each frame is checked: it
arrives at the interface, is left to pppd as it is, or is refused because it is in clear;
and nothing else arrives.
"""
import json
import os
import select
import socket
import struct
import subprocess

import unit as ppp
from mppe import COUNTS, ENCRYPTED, FLUSHED, Mppe

SC_CCP = ppp.SC_CCP_OPEN | ppp.SC_CCP_UP
ACK, RESET = 2, 14
STATELESS, STATEFUL = b"\x12\x06\x01\0\0\x40", b"\x12\x06\0\0\0\x40"
LOCAL, PEER, ID, PEER_ID = "127.0.0.1", "127.0.0.2", 7, 9
IP = b"\x00\x21"
COMPRESSED = ppp.COMPRESSED
ALL = 3  # ETH_P_ALL


def ccp(code, data=b""):
    return b"\x80\xfd" + struct.pack("!BBH", code, 1, 4 + len(data)) + data


class Sender(Mppe):
    """The sending end."""

    def encrypt(self, frame):
        self.count = (self.count + 1) % COUNTS
        header = ENCRYPTED | self.count
        if not self.stateful or self.count % 256 == 255:
            header |= FLUSHED
            self.change()
        return COMPRESSED + struct.pack("!H", header) + self.rc4.crypt(frame)

    def skip(self, count):
        """Go on to this count, as a sender of 128 bits in stateless mode does."""
        while self.count != count % COUNTS:
            self.count = (self.count + 1) % COUNTS
            self.change()


class Unit:
    """A unit, and what arrives at its interface."""

    def __init__(self):
        self.fd = os.open("/dev/ppp", os.O_RDWR)
        self.number = ppp.control(self.fd, ppp.PPPIOCNEWUNIT, -1)
        self.name = f"ppp{self.number}"
        subprocess.run(["ip", "link", "set", self.name, "up"], check=True)
        self.packets = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ALL))
        self.packets.bind((self.name, ALL))

    def set_flags(self, flags):
        ppp.control(self.fd, ppp.PPPIOCSFLAGS, flags)

    def write(self, frame):
        os.write(self.fd, frame)

    def arrived(self, count):
        """What arrives: as many packets, and any that come soon after."""
        found = []
        while select.select([self.packets], [], [], 5 if len(found) < count else 0.1)[0]:
            packet, address = self.packets.recvfrom(4000)
            if address[2] != socket.PACKET_OUTGOING:
                found.append(packet)
        return found

    def close(self):
        self.packets.close()
        os.close(self.fd)


class Rig:
    """A call, the channel attached to a unit, and the peer."""

    def __init__(self, kpptpctl, decrypts, source):
        self.kpptpctl, self.decrypts, self.random = kpptpctl, decrypts, source
        self.seq = self.tag = 0
        self.key = source.randbytes(16)
        self.wire = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_GRE)
        self.wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self.wire.bind((PEER, 0))
        added = self.ctl("call", "add", "local", LOCAL, "peer", PEER, "id", str(ID), "peer-id",
                         str(PEER_ID))
        self.channel = ppp.attach(added["channel"])
        self.unit = Unit()
        self.units = [self.unit]
        self.connect(self.unit)
        self.refused = 0

    def ctl(self, *words):
        out = subprocess.run([self.kpptpctl, "-j", *words], check=True, stdout=subprocess.PIPE)
        return json.loads(out.stdout or "{}")

    def statistic(self, name):
        return self.ctl("show", "calls")["calls"][0]["stats"][name]

    def delete(self):
        self.ctl("call", "del", "local", LOCAL, "peer", PEER, "id", str(ID))

    def connect(self, to):
        ppp.control(self.channel, ppp.PPPIOCCONNECT, to.number)
        self.unit = to

    def another_unit(self):
        self.units.append(Unit())
        return self.units[-1]

    def close(self):
        if self.ctl("show", "calls")["calls"]:
            self.delete()
        os.close(self.channel)
        for one in self.units:
            one.close()
        self.wire.close()

    def send(self, frame):
        """The peer sends."""
        header = struct.pack("!HHHHI", 0x3001, 0x880B, len(frame), ID, self.seq)
        self.wire.sendto(header + frame, (LOCAL, 0))
        self.seq += 1

    def sent(self):
        """What PPP sends before a packet that it passes in any case."""
        last = ccp(RESET, self.random.randbytes(8))
        self.unit.write(last)
        frames = []
        while select.select([self.wire], [], [], 5)[0]:
            packet = self.wire.recv(4000)
            gre = packet[(packet[0] & 15) * 4 :]
            flags, _, length, _ = struct.unpack("!HHHH", gre[:8])
            if not flags & 0x1000:
                continue
            frame = gre[12 + (4 if flags & 0x80 else 0) :][:length].removeprefix(b"\xff\x03")
            if frame == last:
                return frames
            frames.append(frame)
        raise AssertionError("nothing is sent")

    def packet(self):
        """An IP packet unlike all others: UDP to the discard port."""
        self.tag += 1
        data = struct.pack("!I", self.tag) + self.random.randbytes(self.random.randrange(8, 900))
        header = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 28 + len(data), 0, 0, 64, 17, 0,
                             socket.inet_aton("10.0.0.2"), socket.inet_aton("10.0.0.1"))
        total = sum(struct.unpack("!10H", header))
        total = (total & 0xFFFF) + (total >> 16)
        header = header[:10] + struct.pack("!H", ~(total + (total >> 16)) & 0xFFFF) + header[12:]
        return header + struct.pack("!HHHH", 9, 9, 8 + len(data), 0) + data

    def to_pppd(self):
        """What pppd reads up to a packet of IPCP, which is sent last."""
        last = b"\x80\x21" + self.random.randbytes(12)
        self.send(last)
        frames = []
        while select.select([self.unit.fd], [], [], 5)[0]:
            frame = os.read(self.unit.fd, 4000)
            if frame == last:
                return frames
            frames.append(frame)
        raise AssertionError("a packet of IPCP did not pass")

    def fate(self, frames, arrive=(), pppd=(), clear=0):
        """
        The peer sends frames. These packets must arrive, pppd must read these compressed
        frames, and so many must be refused.
        """
        for frame in frames:
            self.send(frame)
        read = [frame for frame in self.to_pppd() if frame[:2] == COMPRESSED]
        arrived = self.unit.arrived(len(arrive))
        assert arrived == list(arrive), f"{len(arrived)} of {len(arrive)} arrived, or others"
        assert read == list(pppd), f"pppd read {len(read)} of {len(pppd)}, or others"
        self.refused += clear
        refused = self.statistic("rx-clear")
        assert refused == self.refused, f"{refused} frames were refused, not {self.refused}"

    def clear_passes(self):
        packet = self.packet()
        self.fate([IP + packet, b"\x21" + packet], [packet, packet])

    def clear_refused(self):
        """Bound; multilink's fragments are not refused, and PPP drops them here."""
        if not self.decrypts:
            self.clear_passes()
            return
        packet = self.packet()
        multilink = b"\x00\x3d\xc0\0\0\1" + IP + packet
        self.fate([IP + packet, b"\x21" + packet, b"\x00\x57" + packet, b"\xff\x03" + IP + packet,
                   multilink], clear=4)

    def encrypted(self, sender, count=5):
        """Encrypted packets, with the protocol field of one octet and of two."""
        packets = [self.packet() for _ in range(count)]
        fields = IP, b"\x21"
        return packets, [sender.encrypt(fields[n % 2] + p) for n, p in enumerate(packets)]

    def arrives(self, sender, count=5):
        packets, frames = self.encrypted(sender, count)
        self.fate(frames, packets)

    def left_to_pppd(self, sender):
        frames = self.encrypted(sender)[1]
        self.fate(frames, pppd=frames)

    def set_key(self, option, key):
        ppp.set_key(self.unit.fd, option, key, 0)

    def sender(self, option, key=None):
        return Sender(key or self.key, 128, option == STATEFUL)

    def begin(self, option):
        """Negotiate, up to the peer's Configure-Ack, and return the peer's sending end."""
        self.set_key(option, self.key)
        self.unit.set_flags(ppp.SC_CCP_OPEN)
        self.fate([ccp(ACK, option)])
        return self.sender(option)

    def bound(self, option=STATELESS):
        sender = self.begin(option)
        self.unit.set_flags(SC_CCP)
        self.arrives(sender)
        self.clear_refused()
        return sender

    def to_channel(self):
        """What the channel's holder reads up to a packet of LCP, which is sent last."""
        last = b"\xc0\x21\x09\x01\x00\x08" + self.random.randbytes(4)
        self.send(last)
        frames = []
        while select.select([self.channel], [], [], 5)[0]:
            frame = os.read(self.channel, 4000)
            if frame == last:
                return frames
            frames.append(frame)
        raise AssertionError("a packet of LCP did not pass")

    def reads_control(self):
        """LCP reaches the channel's holder; IPCP and CCP the unit's."""
        assert self.to_channel() == [], "the channel's holder read more than LCP"
        echo = ccp(RESET, self.random.randbytes(4))
        self.send(echo)
        assert echo in self.to_pppd(), "CCP did not pass"
