#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
PPP interfaces without pppd: attach a channel to a new interface, and keep it until
told to end.

usage: link.py channel NAME INDEX [MPPE]                a channel that exists
       link.py pptp NAME LOCAL ID PEER PEER-ID [MPPE]   the in-tree driver's own

MPPE is stateless|stateful SENDING-KEY RECEIVING-KEY: 128-bit keys in hexadecimal. Prints
the channel's index when the interface NAME is there.
"""
import ctypes
import fcntl
import os
import socket
import struct
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "net"))
import unit  # noqa: E402 (the folder is not a package)

PPPIOCGCHAN = 0x80047437

AF_PPPOX = 24
PX_PROTO_PPTP = 2


def address(call_id, ip):
    """A struct sockaddr_pppox, as long as that of PPPoE."""
    text = struct.pack("=HIHxx4s", AF_PPPOX, PX_PROTO_PPTP, call_id, socket.inet_aton(ip))
    return text.ljust(30, b"\0")


def in_tree_channel(local, call_id, peer, peer_id):
    """Make a call of the in-tree driver. Returns its socket and channel."""
    libc = ctypes.CDLL(None, use_errno=True)
    fd = libc.socket(AF_PPPOX, socket.SOCK_STREAM, PX_PROTO_PPTP)
    for name, call in (("bind", (call_id, local)), ("connect", (peer_id, peer))):
        text = address(*call)
        if fd < 0 or getattr(libc, name)(fd, text, len(text)) < 0:
            sys.exit(f"link.py: {name} of a PPTP socket: {os.strerror(ctypes.get_errno())}")
    answer = fcntl.ioctl(fd, PPPIOCGCHAN, struct.pack("i", -1))
    return fd, struct.unpack("i", answer)[0]


def main(kind, name, *arguments):
    words = list(arguments)
    if kind == "channel":
        channel = int(words.pop(0))
    else:
        local, call_id, peer, peer_id, *words = words
        # The socket is open until this program ends, and so is the channel.
        _socket, channel = in_tree_channel(local, int(call_id), peer, int(peer_id))
    ppp, device = unit.mppe(channel, "128", *words) if words else unit.interface([channel])
    subprocess.run(["ip", "link", "set", device, "name", name], check=True)
    print(channel, flush=True)
    unit.answer_resets(ppp)


main(*sys.argv[1:])
