#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
Turn a device's offloads on or off, as ethtool -K does.

usage: offload.py DEVICE FEATURE on|off [FEATURE on|off]...

FEATURE is tx (checksums), sg, tso, gso or gro.
"""
import array
import fcntl
import socket
import struct
import sys

SIOCETHTOOL = 0x8946
COMMANDS = {"tx": 0x17, "sg": 0x19, "tso": 0x1F, "gso": 0x24, "gro": 0x2C}  # ETHTOOL_S*


def offload(device, feature, on):
    value = array.array("I", [COMMANDS[feature], on])  # struct ethtool_value
    request = struct.pack("16sP", device.encode(), value.buffer_info()[0])
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, SIOCETHTOOL, request.ljust(40, b"\0"))


words = sys.argv[2:]
for feature, state in zip(words[::2], words[1::2]):
    offload(sys.argv[1], feature, state == "on")
