#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
Send bad input to the daemon.

usage: say.py ADDRESS HEX...        bytes to its control port; succeeds if it closes
                                    the connection within 10 s
       say.py --local SOCKET LINE   a line to its local socket; prints the reply
"""
import socket
import sys

if sys.argv[1] == "--local":
    local = socket.socket(socket.AF_UNIX)
    local.settimeout(10)
    local.connect(sys.argv[2])
    local.sendall(sys.argv[3].encode() + b"\n")
    print(local.makefile().readline().strip())
else:
    peer = socket.create_connection((sys.argv[1], 1723), 10)
    peer.sendall(bytes.fromhex("".join(sys.argv[2:])))
    try:
        while peer.recv(4096):
            pass
    except ConnectionResetError:
        pass
