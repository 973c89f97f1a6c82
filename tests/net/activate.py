#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
Start a daemon as a systemd socket unit does: with listening sockets passed to it.

usage: activate.py ADDRESS PORT SOCKET COMMAND...
"""
import os
import socket
import sys

address, port, path, *command = sys.argv[1:]
if os.path.exists(path):
    os.unlink(path)
tcp = socket.create_server((address, int(port)))
local = socket.socket(socket.AF_UNIX)
local.bind(path)
local.listen()
for passed, fd in (tcp, 3), (local, 4):
    if passed.fileno() != fd:
        os.dup2(passed.fileno(), fd)
    os.set_inheritable(fd, True)
os.environ.update(LISTEN_FDS="2", LISTEN_PID=str(os.getpid()))
os.execv(command[0], command)
