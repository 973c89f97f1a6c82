#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
Do what pppd does after negotiation: a PPP interface over one or more channels, or two
bridged channels. They last as long as this program runs.

usage: unit.py interface CHANNEL            prints the name of the interface
       unit.py multilink MRRU CHANNEL...    the same, over a bundle
       unit.py bridge CHANNEL CHANNEL       prints "bridged"
"""
import fcntl
import os
import signal
import struct
import sys

PPPIOCGFLAGS = 0x8004745A
PPPIOCSFLAGS = 0x40047459
PPPIOCNEWUNIT = 0xC004743E
PPPIOCCONNECT = 0x4004743A
PPPIOCATTCHAN = 0x40047438
PPPIOCSMRRU = 0x4004743B
PPPIOCBRIDGECHAN = 0x40047435
SC_MULTILINK = 0x00000400


def control(fd, request, number):
    return struct.unpack("i", fcntl.ioctl(fd, request, struct.pack("i", number)))[0]


def attach(channel):
    fd = os.open("/dev/ppp", os.O_RDWR)
    control(fd, PPPIOCATTCHAN, channel)
    return fd


def interface(channels):
    unit = os.open("/dev/ppp", os.O_RDWR)
    number = control(unit, PPPIOCNEWUNIT, -1)
    for channel in channels:
        control(attach(channel), PPPIOCCONNECT, number)
    return unit, f"ppp{number}"


def multilink(mrru, channels):
    unit, name = interface(channels)
    control(unit, PPPIOCSMRRU, mrru)
    control(unit, PPPIOCSFLAGS, control(unit, PPPIOCGFLAGS, 0) | SC_MULTILINK)
    return name


def bridge(one, other):
    control(attach(one), PPPIOCBRIDGECHAN, other)
    return "bridged"


numbers = [int(word) for word in sys.argv[2:]]
if sys.argv[1] == "interface":
    print(interface(numbers)[1], flush=True)
elif sys.argv[1] == "multilink":
    print(multilink(numbers[0], numbers[1:]), flush=True)
elif sys.argv[1] == "bridge":
    print(bridge(*numbers), flush=True)
else:
    sys.exit(__doc__)
signal.pause()
