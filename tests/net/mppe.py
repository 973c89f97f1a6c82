#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
MPPE from its RFCs (3078, 3079): decrypt what one end of a call sent, from a capture of
the GRE packets, and compare it with what the other end of a UDP echo was to get.

usage: mppe.py vectors                          check the RFC's examples
       mppe.py echo ADDRESS                     answer datagrams with themselves
       mppe.py send ADDRESS COUNT SEED          send datagrams, await each back
       mppe.py check CAPTURE SOURCE KEY BITS stateless|stateful COUNT SEED

The datagrams follow from COUNT and SEED. KEY is the initial key in hexadecimal, as for
PPPIOCSCOMPRESS. The capture must have every packet, in order.
"""
import hashlib
import random
import socket
import struct
import sys

PORT = 7007
FLUSHED = 0x8000
ENCRYPTED = 0x1000
COUNTS = 4096

# RFC 3079, 3.5: initial key, bits, session key, and "test message" encrypted by it.
START = "8B7CDC149B993A1BA118CB153F56DCCB"
VECTORS = (
    (START[:16], 40, "D1269EC49FA62E3E", "929137917E5803D668D75898"),
    (START[:16], 56, "D15C00C49FA62E3E", "3F106833FA448DA842BC57B8"),
    (START, 128, "405CB2247A7956E6E211007AE27B22D4", "81848317DF68846272FB5ABE"),
)


class Rc4:
    def __init__(self, key):
        self.box = list(range(256))
        self.i = self.j = 0
        j = 0
        for i in range(256):
            j = (j + self.box[i] + key[i % len(key)]) & 255
            self.box[i], self.box[j] = self.box[j], self.box[i]

    def crypt(self, data):
        box, i, j, out = self.box, self.i, self.j, bytearray()
        for octet in data:
            i = (i + 1) & 255
            j = (j + box[i]) & 255
            box[i], box[j] = box[j], box[i]
            out.append(octet ^ box[(box[i] + box[j]) & 255])
        self.i, self.j = i, j
        return bytes(out)


class Mppe:
    """The receiving end (RFC 3078), of a sender whose every packet it sees."""

    def __init__(self, start, bits, stateful):
        self.start = start[: 16 if bits == 128 else 8]
        # RFC 3079, 3.1 and 3.2: what is left of the key's entropy.
        self.weak = {40: b"\xd1\x26\x9e", 56: b"\xd1", 128: b""}[bits]
        self.stateful = stateful
        self.count = COUNTS - 1
        self.use(self.derived(self.start))

    def derived(self, session):
        """GetNewKeyFromSHA of RFC 3079, 3."""
        pads = bytes(40), b"\xf2" * 40
        digest = hashlib.sha1(self.start + pads[0] + session + pads[1]).digest()
        return digest[: len(self.start)]

    def use(self, key):
        self.session = self.weak + key[len(self.weak) :]
        self.rc4 = Rc4(self.session)

    def change(self):
        """RFC 3078, 7.3."""
        interim = self.derived(self.session)
        self.use(Rc4(interim).crypt(interim))

    def decrypt(self, packet):
        (header,) = struct.unpack("!H", packet[:2])
        if not header & ENCRYPTED:
            raise ValueError("not encrypted")
        count = header % COUNTS
        if count != (self.count + 1) % COUNTS:
            raise ValueError(f"count {count} after {self.count}")
        self.count = count
        due = not self.stateful or count % 256 == 255
        if due and not header & FLUSHED:
            raise ValueError(f"no change of keys at count {count}")
        if header & FLUSHED:
            self.change()
        return self.rc4.crypt(packet[2:])


def vectors():
    for start, bits, session, message in VECTORS:
        mppe = Mppe(bytes.fromhex(start), bits, True)
        if mppe.session != bytes.fromhex(session):
            sys.exit(f"mppe.py: {bits} bits: session key {mppe.session.hex()}")
        if mppe.rc4.crypt(b"test message") != bytes.fromhex(message):
            sys.exit(f"mppe.py: {bits} bits: encrypted otherwise")


def datagrams(count, seed):
    """Pseudo-random ones, most of them short."""
    source = random.Random(seed)
    for number in range(count):
        size = source.randrange(1400 if number % 16 == 0 else 64)
        yield struct.pack("!I", number) + source.randbytes(size)


def echo(address):
    endpoint = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    endpoint.bind((address, PORT))
    print("ready", flush=True)
    while True:
        endpoint.sendto(*endpoint.recvfrom(2000))


def send(address, count, seed):
    """In bursts, for what is made ahead of the packets to run out."""
    endpoint = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    endpoint.connect((address, PORT))
    endpoint.settimeout(10)
    waiting, burst = [], random.Random(seed)
    for datagram in datagrams(count, seed):
        endpoint.send(datagram)
        waiting.append(datagram)
        if burst.randrange(16) == 0 or len(waiting) == 32:
            await_back(endpoint, waiting)
    await_back(endpoint, waiting)


def await_back(endpoint, waiting):
    for datagram in waiting:
        if endpoint.recv(2000) != datagram:
            sys.exit(f"mppe.py: datagram {int.from_bytes(datagram[:4], 'big')} came back as another")
    waiting.clear()


def frames(path):
    """The Ethernet frames of a capture of this machine's tcpdump."""
    with open(path, "rb") as capture:
        magic, link = struct.unpack("=I16xI", capture.read(24))
        if magic != 0xA1B2C3D4 or link != 1:
            sys.exit("mppe.py: unknown capture format")
        while header := capture.read(16):
            yield capture.read(struct.unpack("=8xI4x", header)[0])


def protocol(frame):
    """Split a PPP frame, whose protocol field may be one octet long (RFC 1661)."""
    size = 1 if frame[0] & 1 else 2
    return int.from_bytes(frame[:size], "big"), frame[size:]


def ppp_frames(path, source):
    """What the PPTP packets (RFC 2637) from this address carry."""
    for frame in frames(path):
        packet = frame[14 : 14 + struct.unpack_from("!H", frame, 16)[0]]
        if packet[9] != 47 or packet[12:16] != socket.inet_aton(source):
            continue
        gre = packet[(packet[0] & 15) * 4 :]
        size = 8 + (4 if gre[0] & 0x10 else 0) + (4 if gre[1] & 0x80 else 0)
        payload = gre[size : size + struct.unpack_from("!H", gre, 4)[0]]
        if payload:
            yield payload.removeprefix(b"\xff\x03")


def payloads(path, source, mppe):
    """The content of the datagrams in the encrypted packets."""
    for frame in ppp_frames(path, source):
        number, content = protocol(frame)
        if number == 0x0021:
            sys.exit("mppe.py: a packet was not encrypted")
        if number != 0x00FD:
            continue
        number, packet = protocol(mppe.decrypt(content))
        if number == 0x0021 and packet[9] == socket.IPPROTO_UDP:
            udp = packet[(packet[0] & 15) * 4 : struct.unpack_from("!H", packet, 2)[0]]
            if PORT in struct.unpack_from("!HH", udp):
                yield udp[8:]


def check(path, source, mppe, count, seed):
    found = payloads(path, source, mppe)
    for number, datagram in enumerate(datagrams(count, seed)):
        if next(found, None) != datagram:
            sys.exit(f"mppe.py: datagram {number} is another")
    if next(found, None) is not None:
        sys.exit(f"mppe.py: more than {count} datagrams")
    print(f"{count} datagrams, the last at count {mppe.count}")


def main(command, *words):
    if command == "vectors":
        vectors()
    elif command == "echo":
        echo(words[0])
    elif command == "send":
        send(words[0], int(words[1]), int(words[2]))
    elif command == "check":
        path, source, key, bits, mode, count, seed = words
        mppe = Mppe(bytes.fromhex(key), int(bits), mode == "stateful")
        check(path, source, mppe, int(count), int(seed))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(*sys.argv[1:] or [""])
