#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
PPP interfaces without pppd: attach a channel to a new interface, let IP pass,
and keep it until told to end.

usage: link.py channel NAME INDEX                  a channel that exists
       link.py pptp NAME LOCAL ID PEER PEER-ID     the in-tree driver's own

Prints the channel's index when the interface NAME is there.
"""
import ctypes
import fcntl
import os
import signal
import socket
import struct
import subprocess
import sys

PPPIOCGCHAN = 0x80047437
PPPIOCATTCHAN = 0x40047438
PPPIOCCONNECT = 0x4004743A
PPPIOCNEWUNIT = 0xC004743E
PPPIOCSNPMODE = 0x4008744B
PPP_IP = 0x21
NPMODE_PASS = 0

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


def interface(channel):
    """Put a channel behind a new PPP interface. Returns what keeps it, and its name."""
    channel_fd = os.open("/dev/ppp", os.O_RDWR)
    fcntl.ioctl(channel_fd, PPPIOCATTCHAN, struct.pack("i", channel))
    unit_fd = os.open("/dev/ppp", os.O_RDWR)
    unit = fcntl.ioctl(unit_fd, PPPIOCNEWUNIT, struct.pack("i", -1))
    fcntl.ioctl(channel_fd, PPPIOCCONNECT, unit)
    fcntl.ioctl(unit_fd, PPPIOCSNPMODE, struct.pack("ii", PPP_IP, NPMODE_PASS))
    return (channel_fd, unit_fd), f"ppp{struct.unpack('i', unit)[0]}"


def main(kind, name, *arguments):
    keep = None
    if kind == "channel":
        channel = int(arguments[0])
    else:
        local, call_id, peer, peer_id = arguments
        keep, channel = in_tree_channel(local, int(call_id), peer, int(peer_id))
    fds, device = interface(channel)
    subprocess.run(["ip", "link", "set", device, "name", name], check=True)
    print(channel, flush=True)
    signal.sigwait([signal.SIGTERM, signal.SIGINT])
    del keep, fds


main(*sys.argv[1:])
