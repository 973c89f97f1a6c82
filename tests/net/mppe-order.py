#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
Take a PPP unit through negotiations of MPPE (CCP) step by step, in good and in bad
order, and play the call's peer on a raw socket. What becomes of each frame is checked:
it arrives at the interface, is left to pppd as it is, or is refused because it is in
clear; and nothing else arrives.

usage: mppe-order.py KPPTPCTL SEED ppp|channel CASE...
       mppe-order.py cases      list the cases

With "ppp", no channel decrypts, and PPP's own rules apply to all frames.
"""
import copy
import fcntl
import json
import os
import random
import select
import socket
import struct
import subprocess
import sys
import time
import traceback

import unit as ppp
from mppe import COUNTS, ENCRYPTED, FLUSHED, Mppe

PPPIOCDISCONN = 0x7439
SC_MUST_COMP = 0x00400000
SC_CCP = ppp.SC_CCP_OPEN | ppp.SC_CCP_UP
REQUEST, ACK, TERMINATE, TERMINATED, RESET, RESET_ACK = 1, 2, 5, 6, 14, 15
STATELESS, STATEFUL = b"\x12\x06\x01\0\0\x40", b"\x12\x06\0\0\0\x40"
LOCAL, PEER, ID, PEER_ID = "127.0.0.1", "127.0.0.2", 7, 9
IP = b"\x00\x21"
COMPRESSED = b"\x00\xfd"
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

    def reads_control(self):
        """LCP reaches the channel's holder; IPCP and CCP the unit's."""
        lcp = b"\xc0\x21\x09\x01\x00\x08" + self.random.randbytes(4)
        self.send(lcp)
        assert select.select([self.channel], [], [], 5)[0], "LCP did not pass"
        assert os.read(self.channel, 4000) == lcp, "LCP came as another"
        echo = ccp(RESET, self.random.randbytes(4))
        self.send(echo)
        assert echo in self.to_pppd(), "CCP did not pass"


def begins(rig, option):
    rig.clear_passes()
    rig.set_key(option, rig.key)
    rig.clear_passes()
    rig.unit.set_flags(ppp.SC_CCP_OPEN)
    rig.clear_passes()
    rig.reads_control()
    rig.fate([ccp(ACK, option)])
    sender = rig.sender(option)
    rig.clear_refused()
    rig.arrives(sender)
    rig.unit.set_flags(SC_CCP)
    rig.arrives(sender, 40)
    rig.clear_refused()
    rig.reads_control()
    # Mixed, in a burst.
    packets, frames = rig.encrypted(sender, 20)
    clear = [IP + rig.packet() for _ in frames] if rig.decrypts else []
    mixed = [frame for pair in zip(frames, clear) for frame in pair] or frames
    rig.fate(mixed, packets, clear=len(clear))


def stateless(rig):
    begins(rig, STATELESS)


def stateful(rig):
    begins(rig, STATEFUL)


def stateful_long(rig):
    """Across changes of keys."""
    sender = rig.bound(STATEFUL)
    for _ in range(9):
        rig.arrives(sender, 60)
    rig.clear_refused()


def anew(rig, option):
    """Our Configure-Request leaves: pause, until a new Configure-Ack is expected and comes."""
    old = rig.bound(option)
    rig.unit.write(ccp(REQUEST, option))
    rig.left_to_pppd(old)
    rig.clear_refused()
    rig.fate([ccp(ACK, option)])  # while CCP is up, PPP expects none
    rig.left_to_pppd(old)
    rig.clear_refused()
    rig.unit.set_flags(ppp.SC_CCP_OPEN)
    rig.fate([ccp(ACK, option)])
    new = rig.sender(option)
    rig.arrives(new)
    rig.clear_refused()
    rig.unit.set_flags(SC_CCP)
    rig.arrives(new)


def request_stateless(rig):
    anew(rig, STATELESS)


def request_stateful(rig):
    anew(rig, STATEFUL)


def other_mode(rig):
    """The new negotiation ends in the other mode."""
    rig.bound(STATELESS)
    for option in STATEFUL, STATELESS:
        rig.unit.write(ccp(REQUEST, option))
        rig.unit.set_flags(ppp.SC_CCP_OPEN)
        rig.fate([ccp(ACK, option)])
        rig.arrives(rig.sender(option))
        rig.clear_refused()
        rig.unit.set_flags(SC_CCP)


def peer_requests(rig):
    """The peer's Configure-Request is about what we send: nothing changes on receive."""
    sender = rig.bound()
    rig.fate([ccp(REQUEST, STATELESS)])
    rig.arrives(sender)
    rig.clear_refused()


def terminate(rig, end):
    for option in STATELESS, STATEFUL:
        for code in TERMINATE, TERMINATED:
            sender = rig.bound(option)
            end(ccp(code))
            rig.left_to_pppd(sender)
            rig.clear_passes()
            rig.unit.set_flags(0)


def terminate_peer(rig):
    terminate(rig, lambda frame: rig.fate([frame]))


def terminate_ours(rig):
    terminate(rig, rig.unit.write)


def closed(rig):
    """CCP is closed by its flag: the decompressor is freed."""
    sender = rig.bound()
    rig.unit.set_flags(0)
    rig.left_to_pppd(sender)
    rig.clear_passes()
    rig.bound()


def replaced(rig):
    """Another key, before it is negotiated."""
    for option in STATELESS, STATEFUL:
        old = rig.bound(option)
        other = rig.random.randbytes(16)
        rig.set_key(option, other)
        rig.left_to_pppd(old)
        rig.left_to_pppd(rig.sender(option, other))
        rig.clear_passes()
        rig.unit.set_flags(ppp.SC_CCP_OPEN)
        rig.fate([ccp(ACK, option)])
        rig.arrives(rig.sender(option, other))
        rig.clear_refused()
        rig.unit.set_flags(0)


def moved(rig, first):
    """The channel goes to another unit, and back. The first frame there is of either kind."""
    sender = rig.bound()
    home, away = rig.unit, rig.another_unit()
    fcntl.ioctl(rig.channel, PPPIOCDISCONN)
    rig.connect(away)
    for kind in (first, not first):
        if kind:
            rig.left_to_pppd(sender)
        else:
            rig.clear_passes()
    fcntl.ioctl(rig.channel, PPPIOCDISCONN)
    rig.connect(home)
    rig.arrives(sender)
    # Negotiated again, all is as before.
    rig.unit.write(ccp(REQUEST, STATELESS))
    rig.unit.set_flags(ppp.SC_CCP_OPEN)
    rig.bound()


def moved_encrypted(rig):
    moved(rig, True)


def moved_clear(rig):
    moved(rig, False)


def moved_encrypted_too(rig):
    """To a unit with keys of its own, which are not mixed up with the first one's."""
    old, key = rig.bound(), rig.key
    home, away = rig.unit, rig.another_unit()
    fcntl.ioctl(rig.channel, PPPIOCDISCONN)
    rig.connect(away)
    rig.key = rig.random.randbytes(16)
    new = rig.bound()
    home.set_flags(0)  # its decompressor is freed
    rig.arrives(new)
    rig.clear_refused()
    assert rig.key != key and old.count


def detached(rig):
    """Detached and attached to the same unit again."""
    sender = rig.bound()
    fcntl.ioctl(rig.channel, PPPIOCDISCONN)
    for frame in rig.encrypted(sender)[1]:
        rig.send(frame)
        assert select.select([rig.channel], [], [], 5)[0], "a frame for no unit is lost"
        assert os.read(rig.channel, 4000) == frame, "a frame for no unit came as another"
    if rig.decrypts:
        rig.send(IP + rig.packet())
        rig.refused += 1
    rig.connect(rig.unit)
    rig.clear_refused()
    rig.arrives(sender)


def call_deleted(rig):
    sender = rig.bound()
    for frame in rig.encrypted(sender, 50)[1]:
        rig.send(frame)
    rig.delete()
    for frame in rig.encrypted(sender)[1]:
        rig.send(frame)


def unit_closed(rig):
    """A new unit takes its place, perhaps with its number."""
    sender = rig.bound()
    frames = rig.encrypted(sender, 50)[1]
    for frame in frames[:25]:
        rig.send(frame)
    rig.units.pop().close()
    for frame in frames[25:]:
        rig.send(frame)
    fcntl.ioctl(rig.channel, PPPIOCDISCONN)
    rig.connect(rig.another_unit())
    rig.left_to_pppd(sender)
    rig.clear_passes()
    rig.bound()


def unexpected(rig):
    """A Configure-Ack that PPP does not expect, or that says what it cannot do."""
    sender = rig.sender(STATELESS)

    def binds_nothing(frame):
        rig.fate([frame])
        rig.left_to_pppd(sender)
        rig.clear_passes()

    binds_nothing(ccp(ACK, STATELESS))  # no decompressor
    rig.set_key(STATELESS, rig.key)
    binds_nothing(ccp(ACK, STATELESS))  # CCP is not open
    rig.unit.set_flags(SC_CCP)
    binds_nothing(ccp(ACK, STATELESS))  # CCP is up
    rig.unit.set_flags(ppp.SC_CCP_OPEN)
    for option in (b"\x12\x06\x01\0\0\0", b"\x12\x06\x01\0\0\x01", b"\x12\x05\x01\0\0",
                   b"\x11\x06\x01\0\0\x40",
                   STATELESS + b"\x15\x03\x22", b"\x12\x07\x01\0\0\x40", b""):
        binds_nothing(ccp(ACK, option))
    whole = ccp(ACK, STATELESS)
    for length in range(2, len(whole)):
        binds_nothing(whole[:length])
    binds_nothing(b"\x80\xfd\x02\x01\xff\xff" + STATELESS)
    binds_nothing(b"\x80\xfd\x02\x01\x00\x00" + STATELESS)
    rig.fate([whole])
    rig.arrives(rig.sender(STATELESS))
    rig.clear_refused()


def sends(rig):
    """Once our Configure-Ack is out, no packet leaves in clear, however often CCP is up."""
    for option in STATELESS, STATEFUL:
        rig.begin(option)
        ppp.set_key(rig.unit.fd, option, rig.key[::-1], 1)
        rig.unit.set_flags(SC_MUST_COMP | ppp.SC_CCP_OPEN)
        rig.unit.write(ccp(ACK, option))
        mppe = rig.sender(option, rig.key[::-1])
        rig.sent()
        for up in 0, ppp.SC_CCP_UP, 0, ppp.SC_CCP_UP:
            rig.unit.set_flags(SC_MUST_COMP | ppp.SC_CCP_OPEN | up)
            packets = [rig.packet() for _ in range(30)]
            for packet in packets:
                rig.unit.packets.sendto(packet, (rig.unit.name, 0x0800))
            frames = rig.sent()
            assert len(frames) == (len(packets) if up else 0), f"{len(frames)} packets left"
            for packet, frame in zip(packets, frames):
                assert frame[:2] == COMPRESSED, "a packet left in clear"
                assert mppe.decrypt(frame[2:]) == IP + packet, "a packet left as another"
        rig.unit.set_flags(0)


def bogus(rig):
    """
    Counts of the past, copies, and headers that no peer sends. PPP judges what the channel
    cannot read; after the first, it waits for a Reset-Ack, as with ppp_mppe.
    """
    sender = rig.bound()
    packets, frames = rig.encrypted(sender, 3)
    late = frames[:]
    rig.fate(frames, packets)
    rig.fate(late, pppd=late)
    header = struct.pack("!H", FLUSHED | ENCRYPTED | sender.count + 9)
    bad = [COMPRESSED, COMPRESSED + b"\x90", COMPRESSED + header]
    for flags in 0, FLUSHED, ENCRYPTED, 0x6000, 0x7000:
        bad.append(COMPRESSED + struct.pack("!H", flags | sender.count + 1) + bytes(50))
    rig.fate(bad, pppd=bad)
    if rig.decrypts:
        rig.arrives(sender)
        rig.clear_refused()
    rig.fate([ccp(RESET_ACK)])
    rig.arrives(sender)
    rig.clear_refused()
    # Up to half the counts ahead is ahead, more is the past.
    ahead = copy.deepcopy(sender)
    ahead.skip(ahead.count + COUNTS // 2)
    past = rig.encrypted(ahead, 3)[1]
    rig.fate(past, pppd=past)
    rig.fate([ccp(RESET_ACK)])
    sender.skip(sender.count + COUNTS // 2 - 1)
    rig.arrives(sender)


def gives_up(rig):
    """A peer that sends nothing but nonsense: PPP gives up, as with ppp_mppe."""
    sender = rig.bound()
    rig.unit.set_flags(SC_MUST_COMP | SC_CCP)
    for _ in range(40):
        rig.send(COMPRESSED + struct.pack("!H", sender.count + 1) + bytes(50))
        rig.send(ccp(RESET_ACK))
    for frame in rig.encrypted(sender, 20)[1]:
        rig.send(frame)
    time.sleep(0.5)
    assert rig.unit.arrived(0) == [], "PPP did not give up"
    rig.unit.set_flags(0)
    os.set_blocking(rig.unit.fd, False)
    try:
        while os.read(rig.unit.fd, 4000):
            pass
    except BlockingIOError:
        pass
    os.set_blocking(rig.unit.fd, True)
    rig.bound()


def mutated(source, frame):
    """A few wrong bits, another length or, rarely, another header."""
    frame = bytearray(frame)
    kind = source.randrange(100)
    if kind < 2:
        frame[2:4] = source.randbytes(2)
    elif kind < 20:
        del frame[source.randrange(2, len(frame)) :]
    elif kind < 25:
        frame += source.randbytes(source.randrange(1, 500))
    elif kind < 30:
        frame[source.randrange(2, 4)] ^= 1 << source.randrange(8)
    if kind >= 20:
        for _ in range(source.randrange(1, 9)):
            frame[source.randrange(4, len(frame))] ^= 1 << source.randrange(8)
    return bytes(frame)


def accepts(sender, frame):
    """Would the receiver go on to the frame's count? Then the sender does so, too."""
    if len(frame) < 5:
        return
    header = struct.unpack_from("!H", frame, 2)[0]
    steps = (header - sender.count) % COUNTS
    if header & FLUSHED and header & ENCRYPTED and 0 < steps <= COUNTS // 2:
        sender.skip(header)


def fuzz(rig, total=20000):
    """Mutations, and between them whole frames. PPP is made to wait for a Reset-Ack first."""
    sender = rig.bound()
    nonsense = COMPRESSED + bytes(9)
    rig.fate([nonsense], pppd=[nonsense])
    for number in range(total):
        # Made by hand: a count that is yet to come, so that bits alone are wrong.
        header = struct.pack("!H", FLUSHED | ENCRYPTED | (sender.count + 1) % COUNTS)
        body = rig.random.randbytes(rig.random.randrange(9, 200))
        frame = mutated(rig.random, COMPRESSED + header + body)
        rig.send(frame)
        accepts(sender, frame)
        if number % 32 == 31:
            rig.to_pppd()
        if number % 500 == 499:
            settle(rig)
            good = rig.packet()
            rig.send(sender.encrypt(IP + good))
            rig.to_pppd()
            assert good in rig.unit.arrived(1), f"after {number} mutations a good packet is lost"
    rig.refused = rig.statistic("rx-clear")
    rig.fate([ccp(RESET_ACK)])
    rig.arrives(sender)
    rig.clear_refused()


def settle(rig):
    """Let what mutations made of packets pass."""
    rig.to_pppd()
    rig.unit.arrived(0)


CASES = (stateless, stateful, stateful_long, request_stateless, request_stateful, other_mode,
         peer_requests, terminate_peer, terminate_ours, closed, replaced, moved_encrypted,
         moved_clear, moved_encrypted_too, detached, call_deleted, unit_closed, unexpected, sends,
         bogus, gives_up, fuzz)


def main(*words):
    if words == ("cases",):
        print(*(case.__name__ for case in CASES))
        return
    kpptpctl, seed, mode, *names = words
    source, failed = random.Random(int(seed)), []
    for case in CASES:
        if names and case.__name__ not in names:
            continue
        begin = time.monotonic()
        rig = Rig(kpptpctl, mode == "channel", source)
        try:
            case(rig)
            print(f"  {case.__name__}: {time.monotonic() - begin:.1f} s", flush=True)
        except (AssertionError, OSError, ValueError) as error:
            failed.append(case.__name__)
            lines = [str(frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
            print(f"  {case.__name__}: {error} (lines {' '.join(lines)})", flush=True)
        rig.close()
    if failed:
        sys.exit(f"mppe-order.py: wrong: {' '.join(failed)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
