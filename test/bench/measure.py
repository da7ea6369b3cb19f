"""Runs a command and writes, as JSON, the time it took and the processor time of all processes that it started.

Usage: measure.py RESULT_FILE OUTPUT_FILE COMMAND...

Processes that the command leaves behind are waited for after the clock has stopped, so that their processor time is
counted too; only Linux can adopt them, elsewhere it is missing.
"""

import ctypes
import json
import os
import resource
import sys
import time

PR_SET_CHILD_SUBREAPER = 36
LEFT_BEHIND_SECONDS = 60


def start(command, output):
    pid = os.fork()
    if pid == 0:
        try:
            stream = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            os.dup2(stream, 1)
            os.dup2(stream, 2)
            os.execvp(command[0], command)
        except OSError as error:
            os.write(2, f"{command[0]}: {error}\n".encode())
        os._exit(127)
    return pid


def wait_for(pid):
    while True:
        ended, status = os.wait()
        if ended == pid:
            return os.waitstatus_to_exitcode(status)


def wait_for_rest():
    """Whether everything that was left behind has ended."""
    deadline = time.monotonic() + LEFT_BEHIND_SECONDS
    while time.monotonic() < deadline:
        try:
            ended, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return True
        if ended == 0:
            time.sleep(0.02)
    return False


def main(result, output, *command):
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    began = time.monotonic()
    exit_code = wait_for(start(command, output))
    wall = time.monotonic() - began
    complete = wait_for_rest()
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    with open(result, "w") as stream:
        json.dump(
            {
                "exitCode": exit_code,
                "wallMs": wall * 1000,
                "cpuMs": (usage.ru_utime + usage.ru_stime) * 1000,
                "peakMiB": usage.ru_maxrss / (1024 if sys.platform == "linux" else 1024 * 1024),
                "complete": complete,
            },
            stream,
        )


main(*sys.argv[1:])
