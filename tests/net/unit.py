#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
Do what pppd does after negotiation: a PPP interface over one or more channels, or two
bridged channels. They last as long as this program runs.

usage: unit.py interface CHANNEL            prints the name of the interface
       unit.py multilink MRRU CHANNEL...    the same, over a bundle
       unit.py mppe CHANNEL BITS stateless|stateful SENDING-KEY RECEIVING-KEY
                                            the same, encrypted (MPPE), once the other
                                            end is, too; the keys in hexadecimal
       unit.py deflate CHANNEL              the same, compressed
       unit.py bridge CHANNEL CHANNEL       prints "bridged"
"""
import ctypes
import fcntl
import os
import select
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
PPPIOCSCOMPRESS = 0x4010744D
SC_CCP_OPEN = 0x00000040
SC_CCP_UP = 0x00000080
SC_MULTILINK = 0x00000400
CCP_CONFACK = b"\x80\xfd\x02\x01"
CCP_RESET, CCP_RESETACK = b"\x80\xfd\x0e\x01\x00\x04", b"\x80\xfd\x0f\x01\x00\x04"
COMPRESSED = b"\x00\xfd"
DEFLATE = b"\x1a\x04\x48\x00"  # with a window of 2^12 bytes (RFC 1979)
READY = b"\x80\x21ready"  # of a protocol that PPP passes to the holder of the unit


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


def add_flag(unit, flag):
    control(unit, PPPIOCSFLAGS, control(unit, PPPIOCGFLAGS, 0) | flag)


def multilink(mrru, channels):
    unit, name = interface(channels)
    control(unit, PPPIOCSMRRU, mrru)
    add_flag(unit, SC_MULTILINK)
    return name


def set_compressor(unit, option, sending):
    """Pass struct ppp_option_data: pointer, length, direction."""
    data = ctypes.create_string_buffer(option, len(option))
    argument = struct.pack("PIi", ctypes.addressof(data), len(option), sending)
    fcntl.ioctl(unit, PPPIOCSCOMPRESS, argument)


def set_key(unit, option, key, sending):
    set_compressor(unit, option + key.ljust(16, b"\0"), sending)


def start_ccp(unit, option):
    """
    The kernel starts a direction when the Configure-Ack of its receiver passes, so ours
    must not leave before the other end has its key: it says that first.
    """
    acked = sent = False
    add_flag(unit, SC_CCP_OPEN)
    while not (acked and sent):
        os.write(unit, READY)
        if not select.select([unit], [], [], 0.1)[0]:
            continue
        acked = os.read(unit, 2000).startswith(CCP_CONFACK) or acked
        if not sent:
            os.write(unit, CCP_CONFACK + struct.pack(">H", 4 + len(option)) + option)
            sent = True
    add_flag(unit, SC_CCP_UP)


def mppe(channel, bits, mode, sending, receiving):
    unit, name = interface([channel])
    # RFC 3078, 2.1: H in the first octet for stateless, S or L in the last.
    supported = bytes([mode == "stateless", 0, 0, {"40": 0x20, "128": 0x40}[bits]])
    option = b"\x12\x06" + supported
    set_key(unit, option, bytes.fromhex(sending), 1)
    set_key(unit, option, bytes.fromhex(receiving), 0)
    start_ccp(unit, option)
    return unit, name


def answer_resets(unit):
    """
    For ever: ask for a reset when PPP passes on what it could not decompress, and grant
    the other end's.
    """
    while True:
        frame = os.read(unit, 2000)
        if frame.startswith(COMPRESSED):
            os.write(unit, CCP_RESET)
        elif frame == CCP_RESET:
            os.write(unit, CCP_RESETACK)


def deflate(channel):
    unit, name = interface([channel])
    for sending in 0, 1:
        set_compressor(unit, DEFLATE, sending)
    start_ccp(unit, DEFLATE)
    return name


def bridge(one, other):
    control(attach(one), PPPIOCBRIDGECHAN, other)
    return "bridged"


def main(command, *words):
    if command == "mppe":
        print(mppe(int(words[0]), *words[1:])[1], flush=True)
    elif command == "deflate":
        print(deflate(int(words[0])), flush=True)
    elif command == "interface":
        print(interface(map(int, words))[1], flush=True)
    elif command == "multilink":
        print(multilink(int(words[0]), map(int, words[1:])), flush=True)
    elif command == "bridge":
        print(bridge(*map(int, words)), flush=True)
    else:
        sys.exit(__doc__)
    signal.pause()


if __name__ == "__main__":
    main(*sys.argv[1:] or [""])
