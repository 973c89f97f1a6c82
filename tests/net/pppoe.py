#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
A PPPoE session without discovery: both ends are given its number. It lasts as long
as this program runs.

usage: pppoe.py DEVICE PEER-MAC SESSION channel           prints the channel
       pppoe.py DEVICE PEER-MAC SESSION interface         prints the interface
       pppoe.py DEVICE PEER-MAC SESSION bridge CHANNEL    prints "bridged"
"""
import ctypes
import fcntl
import os
import signal
import socket
import struct
import sys

AF_PPPOX = 24
PPPIOCGCHAN = 0x80047437
PPPIOCNEWUNIT = 0xC004743E
PPPIOCCONNECT = 0x4004743A
PPPIOCATTCHAN = 0x40047438
PPPIOCBRIDGECHAN = 0x40047435

libc = ctypes.CDLL(None, use_errno=True)


def control(fd, request, number):
    return struct.unpack("i", fcntl.ioctl(fd, request, struct.pack("i", number)))[0]


def session(device, mac, number):
    """Return a connected socket; Python lacks struct sockaddr_pppox."""
    fd = libc.socket(AF_PPPOX, socket.SOCK_STREAM, 0)
    # packed: family, protocol; session number in network order, MAC, device
    address = struct.pack("=HI", AF_PPPOX, 0) + struct.pack("!H", number)
    address += bytes.fromhex(mac.replace(":", "")) + device.encode().ljust(16, b"\0")
    if fd < 0 or libc.connect(fd, address, len(address)) < 0:
        sys.exit("pppoe.py: " + os.strerror(ctypes.get_errno()))
    return fd


def attach(channel):
    fd = os.open("/dev/ppp", os.O_RDWR)
    control(fd, PPPIOCATTCHAN, channel)
    return fd


socket_fd = session(sys.argv[1], sys.argv[2], int(sys.argv[3]))
channel = control(socket_fd, PPPIOCGCHAN, 0)
channel_fd = attach(channel)
if sys.argv[4] == "channel":
    print(channel, flush=True)
elif sys.argv[4] == "interface":
    unit = os.open("/dev/ppp", os.O_RDWR)
    unit_number = control(unit, PPPIOCNEWUNIT, -1)
    control(channel_fd, PPPIOCCONNECT, unit_number)
    print(f"ppp{unit_number}", flush=True)
else:
    control(channel_fd, PPPIOCBRIDGECHAN, int(sys.argv[5]))
    print("bridged", flush=True)
signal.pause()
