"""Recognises a known trainer's start and puts `spoor wrapped` in its place: same pid, same streams, same arguments."""
import os
import sys

from spoor_starts import LAUNCHER_MODULES, LAUNCHERS, STARTS

NOT_A_TRAINING = 99  # of `spoor wrapped --check`
PATIENCE = 20  # seconds


def record():
    """Returns where this process is to go on as it is."""
    words = command_line()
    # In a directory that is gone nothing can be told.
    if os.path.isdir(".") and may_train([word.decode("latin-1") for word in words[1:]]):
        hand_over(words)


def command_line():
    """As the kernel has it, in bytes."""
    try:
        with open("/proc/self/cmdline", "rb") as file:
            return file.read().split(b"\0")[:-1]
    except OSError:
        return [os.fsencode(word) for word in getattr(sys, "orig_argv", [])]


def may_train(words):
    """Whether Python's arguments start a training; of a launcher's, whether one of them may."""
    found = started(words)
    if found is None:
        return False
    directory, name, arguments, launcher = found
    if not launcher:
        return is_start(directory, name, arguments)
    candidates = [word for word in arguments if not word.startswith("-")]
    return any(
        is_start(*(place(word) + (arguments,))) or is_start(*(module_place(word) + (arguments,)))
        for word in candidates
    )


def started(words):
    """What Python runs: directory, name, arguments, and whether it is a launcher. None for code and for stdin."""
    at = 0
    while at < len(words):
        word = words[at]
        if not word.startswith("-") or word == "-":
            break
        at += 1
        if word == "--":
            break
        if word.startswith("--"):
            at += word == "--check-hash-based-pycs"
            continue
        for index, letter in enumerate(word[1:], 2):
            if letter == "c":
                return None
            if letter in "WX":
                at += index == len(word)
                break
            if letter == "m":
                module = word[index:]
                if not module:
                    module, at = words[at], at + 1
                return module_place(module) + (words[at:], module in LAUNCHER_MODULES)
    if at >= len(words) or words[at] == "-":
        return None
    directory, name = place(words[at])
    return directory, name, words[at + 1 :], name in LAUNCHERS


def place(path):
    directory, base = os.path.split(os.path.normpath(os.path.join(os.getcwd(), path)))
    for extension in (".py", ".pyw"):
        if base.endswith(extension):
            base = base[: -len(extension)]
            break
    return directory.lower(), base


def module_place(module):
    directory, _, name = ("/" + module.replace(".", "/")).rpartition("/")
    return directory.lower(), name


def is_start(directory, name, arguments):
    for names, beginnings, within, argument in STARTS:
        if (name in names or name.startswith(beginnings)) and directory.endswith(within):
            if argument is None or any(word == argument or word.startswith(argument + "=") for word in arguments):
                return True
    return False


def hand_over(words):
    environ = dict(os.environb)
    if not all(is_utf8(text) for text in words + [os.getcwdb()] + list(environ) + list(environ.values())):
        return decline("its command, directory or environment is no UTF-8")
    words = [program(words[0])] + words[1:]
    # Options that are no business of this Node are kept for the trainer.
    if b"NODE_OPTIONS" in environ:
        environ[b"SPOOR_NODE_OPTIONS"] = environ.pop(b"NODE_OPTIONS")
    node = environ[b"SPOOR_WRAP"]
    package = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    spoor = [node, os.fsencode(os.path.join(package, "bin", "spoor.js")), b"wrapped"]
    status = status_of(spoor + [b"--check", b"--"] + words, environ)
    if status == NOT_A_TRAINING:
        return None
    if status != 0:
        return decline("%s does not run (%s)" % (" ".join(map(os.fsdecode, spoor[:2])), status))
    try:
        os.execve(node, spoor + [b"--ignored", ignored(), b"--"] + words, environ)
    except OSError as error:
        return decline("%s: %s" % (os.fsdecode(node), error))


def decline(why):
    """Said once: what is started beneath is left alone."""
    os.environ["SPOOR_NO_WRAP"] = "1"
    sys.stderr.write("spoor: this training is not recorded: %s\n" % why)


def is_utf8(text):
    try:
        text.decode("utf-8")
        return True
    except UnicodeDecodeError:
        return False


def program(name):
    """As it was named, unless that finds another Python than the one that runs."""
    from shutil import which

    found = which(os.fsdecode(name))
    try:
        if found is None or not os.path.samefile(found, "/proc/self/exe"):
            return os.fsencode(sys.executable)
    except OSError:
        pass  # No /proc.
    return name


def ignored():
    """Signals that whoever started this process had it ignore (`nohup`, `&` in a script), which Node cannot pass on."""
    import signal

    names = ["SIGHUP", "SIGINT", "SIGQUIT"]
    return ",".join(name for name in names if signal.getsignal(getattr(signal, name)) == signal.SIG_IGN).encode()


def status_of(words, environ):
    """The exit status of a silent command, or a word for what went wrong."""
    import time

    pid = os.fork()
    if pid == 0:
        try:
            null = os.open(os.devnull, os.O_RDWR)
            for descriptor in (0, 1, 2):
                os.dup2(null, descriptor)
            os.execve(words[0], words, environ)
        finally:
            os._exit(127)
    deadline = time.time() + PATIENCE
    while time.time() < deadline:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return status >> 8 if status & 127 == 0 else "signal %d" % (status & 127)
        time.sleep(0.002)
    os.kill(pid, 9)
    os.waitpid(pid, 0)
    return "no answer"
