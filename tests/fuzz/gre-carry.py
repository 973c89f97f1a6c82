#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
See whether a call still carries frames in order, after whatever it went through.

usage: gre-carry.py echo CHANNEL          at the far end: send frames of ours back
       gre-carry.py send CHANNEL COUNT    send frames, and want each back in order

The first frames may be lost, while the ends find each other's sequence numbers
again; once one has come back, COUNT more have to, each in its turn. Frames of
others, which may be left from before, are not looked at.
"""
import fcntl
import os
import select
import struct
import sys
import time

PPPIOCATTCHAN = 0x40047438
MARK = b"\xc2\x23gre-carry"  # a control protocol's, which PPP leaves to user space

fd = os.open("/dev/ppp", os.O_RDWR)
fcntl.ioctl(fd, PPPIOCATTCHAN, struct.pack("i", int(sys.argv[2])))


def echo():
    while True:
        frame = os.read(fd, 2000)
        if frame.startswith(MARK):
            os.write(fd, frame)


def send(number):
    os.write(fd, MARK + struct.pack("!I", number))


def receive(seconds):
    """The number of the next frame of ours that comes back, or None."""
    deadline = time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0:
        if select.select([fd], [], [], left)[0]:
            frame = os.read(fd, 2000)
            if frame.startswith(MARK):
                return struct.unpack("!I", frame[len(MARK):])[0]
    return None


def settle():
    """The number to go on with, when one of 40 frames has come back."""
    for number in range(40):
        send(number)
        answer = receive(0.3)
        if answer is None:
            continue
        while answer != number:  # it was of an earlier one
            answer = receive(5)
            if answer is None:
                sys.exit(f"gre-carry.py: frame {number} did not come back")
        return number + 1
    sys.exit("gre-carry.py: nothing came back of 40 frames")


if sys.argv[1] == "echo":
    echo()
start = settle()
for number in range(start, start + int(sys.argv[3])):
    send(number)
    answer = receive(5)
    if answer != number:
        sys.exit(f"gre-carry.py: frame {number} came back as {answer}")
