#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
Take a PPP unit through negotiations of MPPE (CCP) step by step, in good and in bad
order, and check what becomes of each frame; see mppe_rig.py.

usage: mppe-order.py KPPTPCTL SEED ppp|channel CASE...
       mppe-order.py cases      list the cases

With "ppp", no channel decrypts, and PPP's own rules apply to all frames.
"""
import copy
import fcntl
import os
import random
import select
import struct
import sys
import time
import traceback

import unit as ppp
from mppe import COUNTS, ENCRYPTED, FLUSHED
from mppe_rig import ACK, COMPRESSED, IP, SC_CCP, STATEFUL, STATELESS, Rig, ccp

PPPIOCDISCONN = 0x7439
SC_MUST_COMP = 0x00400000
REQUEST, TERMINATE, TERMINATED, RESET_ACK = 1, 5, 6, 15


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
    rig.to_channel()  # nothing is on its way when the new unit comes
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
