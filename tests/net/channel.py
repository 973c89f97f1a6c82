#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
A minimal user of a PPP channel: attach /dev/ppp to it, read and write frames.

usage: channel.py echo CHANNEL          send back every frame
       channel.py send CHANNEL COUNT    send frames, and expect each back in order
"""
import fcntl
import os
import select
import struct
import sys

PPPIOCATTCHAN = 0x40047438
PPPIOCGCHAN = 0x80047437
PROTOCOL = b"\xc2\x23"  # a control protocol, which PPP passes to user space


def attach(channel):
    fd = os.open("/dev/ppp", os.O_RDWR)
    fcntl.ioctl(fd, PPPIOCATTCHAN, struct.pack("i", channel))
    answer = fcntl.ioctl(fd, PPPIOCGCHAN, struct.pack("i", -1))
    if struct.unpack("i", answer)[0] != channel:
        sys.exit("channel.py: PPPIOCGCHAN names another channel")
    return fd


def echo(fd):
    while True:
        os.write(fd, os.read(fd, 2000))


def send(fd, count):
    for number in range(count):
        frame = PROTOCOL + struct.pack("!I", number) + bytes(number % 1400)
        os.write(fd, frame)
        if not select.select([fd], [], [], 5)[0]:
            sys.exit(f"channel.py: frame {number} did not come back within 5 s")
        if os.read(fd, 2000) != frame:
            sys.exit(f"channel.py: frame {number} came back as another")


channel_fd = attach(int(sys.argv[2]))
if sys.argv[1] == "echo":
    echo(channel_fd)
else:
    send(channel_fd, int(sys.argv[3]))
