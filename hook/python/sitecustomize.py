"""Runs at every start of a Python beneath `spoor wrap`, which puts this directory first on PYTHONPATH.

A known trainer's start is handed to Spoor; every other Python goes on as if this were not here. It must parse and pass
under any Python, 2.7 included, and import nothing that costs. See docs/started-by-others.md.
"""
import os
import sys


def _record():
    environ = os.environ
    if "SPOOR_WRAP" not in environ or "SPOOR_RUN" in environ or "SPOOR_NO_WRAP" in environ:
        return
    if os.name != "posix" or sys.version_info < (3,):
        return
    # Code and the interactive prompt, told without a look further (a Python before 3.8 has no arguments yet).
    if getattr(sys, "argv", ["?"])[0] in ("-c", ""):
        return
    try:
        import spoor_hook

        spoor_hook.record()
    except Exception as error:
        sys.stderr.write("spoor: this Python is not looked at: %r\n" % (error,))


def _chain():
    """Runs the sitecustomize that this one stands in front of, as `site` would."""
    here = os.path.dirname(__file__)
    sys.path[:] = [path for path in sys.path if path != here]
    itself = sys.modules.pop("sitecustomize", None)
    try:
        import sitecustomize  # noqa: F401
    except ImportError as error:
        # An absent one is no error; one that lacks a module of its own is, and `site` tells it.
        if getattr(error, "name", "sitecustomize") != "sitecustomize":
            raise
        sys.modules["sitecustomize"] = itself


_record()
_chain()
