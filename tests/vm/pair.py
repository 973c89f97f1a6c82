#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Usage: tests/vm/pair.py [OPTION]... -- COMMAND [ARG]...

Run COMMAND in two user-mode machines joined by a link, vec0 in both: in one with the
argument "server" added, in the other with "client". OPTIONs are run.sh's, but for
--append. Exits with 0 if both do. If one fails, the other is stopped.
"""
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

RUN = Path(__file__).with_name("run.sh")
SIDES = ("server", "client")


def start(side, end, options, command):
    """Start one machine. Its end of the link is a descriptor that it inherits."""
    link = f"vec0:transport=fd,fd={end.fileno()},depth=64"
    return subprocess.Popen(
        [RUN, *options, "--append", link, "--", *command, side],
        pass_fds=[end.fileno()], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def relay(side, stream):
    """Print what a machine says, each line with its side."""
    for line in stream:
        sys.stdout.buffer.write(f"{side}: ".encode() + line)
        sys.stdout.buffer.flush()


def main():
    if "--" not in sys.argv:
        sys.exit(__doc__)
    at = sys.argv.index("--")
    ends = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    machines, readers = {}, []
    for side, end in zip(SIDES, ends):
        machine = start(side, end, sys.argv[1:at], sys.argv[at + 1:])
        machines[machine.pid] = machine
        readers.append(threading.Thread(target=relay, args=(side, machine.stdout)))
        readers[-1].start()
    signal.signal(signal.SIGTERM, lambda *_: [m.terminate() for m in machines.values()])
    status = 0
    while machines:
        pid, how = os.wait()
        machine = machines.pop(pid, None)
        if machine is None:
            continue
        machine.returncode = os.waitstatus_to_exitcode(how)
        if machine.returncode and not status:
            status = machine.returncode if machine.returncode > 0 else 1
            for other in machines.values():
                other.terminate()
    for reader in readers:
        reader.join()
    return status


sys.exit(main())
