"""The filter of system calls: its numbers, its program run step by step, and a process that lives behind it."""

from __future__ import annotations

import ctypes
import errno
import os
import signal
import struct
import sys
from collections.abc import Iterator

import pytest
from programs import BECOME_ORDINARY, needs_new_privileges, run_program

from autograder.sandbox.seccomp import RULES, VERDICTS, Verdict, make_filter
from autograder.sandbox.syscalls import NUMBERS

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="filters of system calls are Linux's")

ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
FOREIGN = {"i386": 0x40000003, "arm": 0x40000028, "riscv64": 0xC00000F3, "aarch64-big-endian": 0x800000B7, "none": 0}

RETURNS = {
    Verdict.ALLOW: 0x7FFF0000,
    Verdict.REFUSE: 0x00050000 | errno.EPERM,
    Verdict.NOT_FOUND: 0x00050000 | errno.ENOENT,
    Verdict.AGAIN: 0x00050000 | errno.EAGAIN,
    Verdict.NO_SUCH_CALL: 0x00050000 | errno.ENOSYS,
    Verdict.KILL: 0x80000000,
}

X32 = 1 << 30
HUGE = (1000, 4095, 4096, 65535, 65536, 1 << 20, X32 - 1)

needs_machine = pytest.mark.skipif(
    not hasattr(os, "uname") or make_filter(os.uname().machine) is None, reason="a machine that has no table"
)


# ---- the numbers -------------------------------------------------------------------------------------------


def library() -> object:
    """pyseccomp, which is in every development environment, and the C library that it needs, which may not be."""
    try:
        ctypes.CDLL("libseccomp.so.2")
    except OSError:
        pytest.skip("the library libseccomp.so.2 is not on this machine")
    import pyseccomp

    return pyseccomp


@pytest.mark.parametrize("machine", list(NUMBERS))
def test_every_number_is_the_one_of_libseccomp(machine: str) -> None:
    """A wrong one would allow a call that nobody thought of. What a machine lacks has a negative number there."""
    seccomp = library()
    architecture = getattr(seccomp.Arch, machine.upper())
    theirs = {name: seccomp.resolve_syscall(architecture, name) for name in VERDICTS}

    assert NUMBERS[machine] == {name: number for name, number in theirs.items() if number >= 0}


def test_a_name_with_a_verdict_is_a_call_and_a_call_with_a_number_has_a_verdict() -> None:
    """x86_64 has all of them, so that a misspelt name is seen without the library, too."""
    assert set(NUMBERS["x86_64"]) == set(VERDICTS)
    assert set(NUMBERS["aarch64"]) < set(VERDICTS)


def test_no_call_has_two_verdicts() -> None:
    """Or one of the two would be what somebody reads, and the other what the kernel does."""
    assert sum(map(len, RULES.values())) == len(VERDICTS)


@pytest.mark.parametrize("machine", list(NUMBERS))
def test_no_two_calls_have_one_number(machine: str) -> None:
    """Or one would have the verdict of the other."""
    assert len(set(NUMBERS[machine].values())) == len(NUMBERS[machine])


# ---- the program -------------------------------------------------------------------------------------------


def run_filter(program: bytes, architecture: int, number: int, third: int = 0) -> tuple[int, int]:
    """What a filter returns for a call with this third argument, and how many instructions it took.

    The kernel's machine, as far as the filter uses it: load a word, three comparisons, return.
    """
    data = struct.pack("<IIQ6Q", number, architecture, 0x7F00_0000_1234, 11, 12, third, 14, 15, 16)
    instructions = list(struct.iter_unpack("<HBBI", program))
    accumulator = at = steps = 0
    while True:
        code, holds, fails, constant = instructions[at]
        at, steps = at + 1, steps + 1
        if code == 0x20:
            (accumulator,) = struct.unpack_from("<I", data, constant)
        elif code == 0x15:
            at += holds if accumulator == constant else fails
        elif code == 0x35:
            at += holds if accumulator >= constant else fails
        elif code == 0x45:
            at += holds if accumulator & constant else fails
        elif code == 0x06:
            return constant, steps
        else:
            raise AssertionError(f"the filter has an instruction {code:#x}")


def filter_of(machine: str) -> bytes:
    program = make_filter(machine)
    assert program is not None
    return program


THIRDS = {
    "nothing": (0, True),
    "read-write": (0b011, True),
    "execute": (0b100, False),
    "read-execute": (0b101, False),
    "grows-down": (0x0100_0000, True),
    "execute-among-others": (0xFFFF_FFFF, False),
    "high-word": (1 << 32, False),
    "highest-bit": (1 << 63 | 0b011, False),
    "execute-in-the-high-word": (0b100 << 32, False),
}
"""Third arguments of mmap and mprotect, the protection, and whether they may pass."""


@pytest.mark.parametrize(("third", "is_data"), list(THIRDS.values()), ids=list(THIRDS))
@pytest.mark.parametrize("machine", list(NUMBERS))
def test_the_program_gives_each_number_the_verdict_of_the_table(machine: str, third: int, is_data: bool) -> None:
    """Whether a number has a name or not, and whatever the arguments are."""
    program = filter_of(machine)
    names = {number: name for name, number in NUMBERS[machine].items()}
    data_only = Verdict.ALLOW if is_data else Verdict.REFUSE
    for number in (*range(601), *HUGE):
        verdict = VERDICTS.get(names.get(number, ""), Verdict.REFUSE)
        expected = RETURNS[data_only if verdict is Verdict.DATA_ONLY else verdict]

        assert run_filter(program, ARCHITECTURES[machine], number, third)[0] == expected, names.get(number, number)


@pytest.mark.parametrize("machine", list(NUMBERS))
def test_another_architecture_kills_whatever_the_number(machine: str) -> None:
    """There the numbers are those of other calls: 32-bit code on x86_64 would open files by calling `close`."""
    program = filter_of(machine)
    others = {name: code for name, code in (FOREIGN | ARCHITECTURES).items() if name != machine}
    for name, architecture in others.items():
        for number in (*range(601), *HUGE):
            assert run_filter(program, architecture, number)[0] == RETURNS[Verdict.KILL], (name, number)


@pytest.mark.parametrize("machine", list(NUMBERS))
def test_x32_numbers_and_larger_ones_kill(machine: str) -> None:
    """x32 reaches the same calls by other numbers, within the architecture of x86_64."""
    program = filter_of(machine)
    for number in (*range(X32, X32 + 601), X32 << 1, (X32 << 1) - 1, 0xFFFF_FFFF):
        assert run_filter(program, ARCHITECTURES[machine], number)[0] == RETURNS[Verdict.KILL], hex(number)


@pytest.mark.parametrize("machine", list(NUMBERS))
def test_the_program_is_small_and_its_way_to_a_verdict_short(machine: str) -> None:
    """The kernel runs it before every call, and once for each number when it is loaded."""
    program = filter_of(machine)

    assert len(program) // 8 < 160
    assert max(run_filter(program, ARCHITECTURES[machine], number)[1] for number in range(601)) <= 16


@pytest.mark.parametrize("machine", ["riscv64", "i686", "aarch64_be", "arm64", ""])
def test_a_machine_without_a_table_has_no_filter(machine: str) -> None:
    """Better none, which a report can tell, than one with the numbers of another machine."""
    assert make_filter(machine) is None


# ---- behind it ---------------------------------------------------------------------------------------------

PRELOADED = """
import ast, contextlib, gc, inspect, io, linecache, pickle, random, signal, threading, time, traceback, warnings
import numpy as np
import numpy.fft, numpy.linalg, numpy.ma, numpy.polynomial, numpy.random, numpy.testing
"""

WALL = """
from autograder.sandbox.seccomp import install_filter, make_filter
from autograder.sandbox.syscalls import NUMBERS

numbers = NUMBERS[os.uname().machine]
give_up_new_privileges()
install_filter(make_filter(os.uname().machine))
"""

CALLS = {
    "allowed": ("raw(numbers['getppid']) == os.getppid()", "True"),
    "data": ("raw(numbers['mmap'], 0, 4096, 3, 0x22, -1, 0) > 0", "True"),
    "code": ("raw(numbers['mmap'], 0, 4096, 7, 0x22, -1, 0)", "EPERM"),
    "data-that-becomes-code": ("raw(numbers['mprotect'], 0, 4096, 5)", "EPERM"),
    "code-with-high-bits": ("raw(numbers['mmap'], 0, 4096, 4 | 1 << 40, 0x22, -1, 0)", "EPERM"),
    "open": ("raw(numbers['openat'], -100, ctypes.addressof(ctypes.create_string_buffer(b'/')), 0, 0)", "ENOENT"),
    "execute": ("raw(numbers['execve'], 0, 0, 0)", "ENOENT"),
    "clone": ("raw(numbers['clone'], 17, 0, 0, 0, 0)", "EAGAIN"),
    "clone3": ("raw(numbers['clone3'], 0, 0)", "ENOSYS"),
    "another-filter": ("raw(numbers['seccomp'], 1, 0, 0)", "EPERM"),
    "unnamed": ("raw(500)", "EPERM"),
    "unnamed-and-large": ("raw((1 << 30) - 1)", "EPERM"),
}


@needs_machine
@pytest.mark.parametrize(("call", "answer"), list(CALLS.values()), ids=list(CALLS))
def test_a_call_gets_its_verdict_from_the_kernel(call: str, answer: str) -> None:
    """The kernel reads the program as we do."""
    done = run_program(f"{WALL}\nprint({call})")

    assert (done.returncode, done.stdout, done.stderr) == (0, f"{answer}\n", "")


DEADLY = {
    "ptrace": "raw(numbers['ptrace'], 0, 0, 0, 0)",
    "io_uring": "raw(numbers['io_uring_setup'], 1, 0)",
    "unshare": "raw(numbers['unshare'], 0)",
    "x32": "raw(1 << 30)",
    "minus-one": "raw(0xFFFFFFFF)",
}


@needs_machine
@pytest.mark.parametrize("call", list(DEADLY.values()), ids=list(DEADLY))
def test_a_call_that_nobody_makes_by_accident_ends_the_process(call: str) -> None:
    """All of it, also where a handler for the signal waits."""
    done = run_program(f"import signal\n{WALL}\nsignal.signal(signal.SIGSYS, print)\n{call}\nprint('still here')")

    assert (done.returncode, done.stdout) == (-signal.SIGSYS, "")


def works() -> Iterator[tuple[str, str]]:
    """What honest code does, by name: it goes on as if there were no wall."""
    yield "multiply-matrices", "a = np.ones((300, 300))\nassert (a @ a == 300).all()"
    yield "solve", "a = np.eye(60) * 2\nassert np.linalg.solve(a, a)[0, 0] == 1\nnp.linalg.svd(a), np.linalg.eig(a)"
    yield (
        "random",
        "np.random.seed(1), np.random.rand(3), np.random.default_rng().random(3), random.SystemRandom().random()",
    )
    yield "fft", "assert np.allclose(np.fft.ifft(np.fft.fft(np.arange(1024.0))), np.arange(1024.0))"
    yield "einsum", "a = np.ones((20, 20, 20))\nassert np.einsum('ijk,klm->ijlm', a, a, optimize=True).max() == 20"
    yield "sort", "x = np.random.rand(500_000)\nnp.sort(x), np.argsort(x), np.unique(x), sorted(x.tolist())"
    yield "print", "print(np.arange(3.0), flush=True), print('x', file=sys.stderr), sys.stdout.isatty()"
    yield "sleep", "before = time.monotonic()\ntime.sleep(0.001)\nassert time.monotonic() > before"
    yield (
        "clocks",
        "time.time(), time.process_time(), time.thread_time(), time.get_clock_info('time'), time.strftime('%c')",
    )
    yield "large-array", "a = np.ones(50_000_000)\na[::512] += 1\nassert a[0] == 2"
    yield (
        "growing-array",
        "b = bytearray()\nfor _ in range(64):\n    b.extend(bytes(1 << 20))\nassert len(b) == 1 << 26",
    )
    yield "many-objects", "many = [bytes(100) for _ in range(300_000)]\ndel many\ngc.collect()"
    yield "deep-recursion", "def f(n):\n    return n and f(n - 1)\nf(900)"
    yield "handle-a-signal", "signal.signal(signal.SIGUSR1, print), signal.pthread_sigmask(signal.SIG_BLOCK, [])"
    yield "wait-for-a-lock", "lock = threading.Lock()\nlock.acquire()\nassert not lock.acquire(timeout=0.001)"
    yield (
        "traceback",
        "try:\n    1 / 0\nexcept ZeroDivisionError:\n    assert 'by zero' in traceback.format_exc()",
    )
    yield (
        "exception-of-numpy",
        "try:\n    np.ones(3) @ np.ones(4)\nexcept ValueError:\n    traceback.print_exc()",
    )
    yield "warning", "with np.errstate(all='warn'):\n    warnings.warn('x')\n    np.log(np.zeros(1))"
    yield (
        "look-at-itself",
        "os.cpu_count(), os.getcwd(), os.getpid(), os.getresuid(), os.path.abspath('x'), inspect.getfile(np)",
    )
    yield (
        "pickle-in-memory",
        "assert pickle.loads(pickle.dumps(np.ones(3))).sum() == 3\nnp.save(io.BytesIO(), np.ones(3))",
    )
    yield "compile", "exec(compile(ast.parse('y = 1'), '<text>', 'exec'))\nassert y == 1"
    yield "read-what-is-open", "assert sys.stdin.read() == ''"
    yield "compare", "np.testing.assert_allclose(np.ones(3), 1.0)"
    yield "polynomial", "np.polyfit(np.arange(5.0), np.arange(5.0), 1), np.ma.masked_array([1, 2], [0, 1]).sum()"


@needs_machine
@pytest.mark.parametrize("text", [text for _, text in works()], ids=[name for name, _ in works()])
def test_python_and_numpy_work_behind_it(text: str) -> None:
    """What was imported before computes, prints, waits and raises as ever, and the process ends by itself."""
    done = run_program(f"{PRELOADED}\n{WALL}\n{text}\nos.write(1, b'done')")

    assert (done.returncode, done.stdout[-4:]) == (0, "done"), done.stderr


FAILS = {
    "absent-module": ("import no_such_module", "ModuleNotFoundError: No module named 'no_such_module'"),
    "late-module": ("import wave", "ModuleNotFoundError: No module named 'wave'"),
    "late-part": ("import email.mime.audio", "ModuleNotFoundError: No module named 'email"),
    "open": ("open('/etc/passwd')", "FileNotFoundError: [Errno 2] No such file or directory: '/etc/passwd'"),
    "create": ("open('new.txt', 'w')", "FileNotFoundError: [Errno 2] No such file or directory: 'new.txt'"),
    "list": ("os.listdir('/')", "FileNotFoundError: [Errno 2] No such file or directory: '/'"),
    "thread": ("import threading\nthreading.Thread(target=print).start()", "RuntimeError: can't start new thread"),
    "fork": ("os.fork()", "BlockingIOError: [Errno 11] Resource temporarily unavailable"),
    "shell": ("raise SystemExit(os.system('true') == 0 or 'no shell')", "no shell"),
    "signal-to-the-parent": ("os.kill(os.getppid(), 0)", "PermissionError: [Errno 1] Operation not permitted"),
    "signal-to-itself": ("os.kill(os.getpid(), 9)", "PermissionError: [Errno 1] Operation not permitted"),
    "pipe": ("os.pipe()", "PermissionError: [Errno 1] Operation not permitted"),
    "duplicate": ("os.dup(1)", "PermissionError: [Errno 1] Operation not permitted"),
    "limits": ("resource.getrlimit(resource.RLIMIT_CORE)", "PermissionError: [Errno 1] Operation not permitted"),
}


@needs_machine
@pytest.mark.parametrize(("text", "last_line"), list(FAILS.values()), ids=list(FAILS))
def test_what_is_forbidden_fails_with_an_everyday_exception(text: str, last_line: str) -> None:
    """A student reads what an empty computer would say."""
    done = run_program(f"import threading\n{WALL}\n{text}")

    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(last_line)


@needs_machine
def test_a_socket_cannot_be_made_behind_it() -> None:
    """Of no kind: a message to another student needs one."""
    done = run_program(
        "import socket\n"
        f"{WALL}\n"
        "for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX, socket.AF_NETLINK):\n"
        "    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):\n"
        "        try:\n"
        "            socket.socket(family, kind)\n"
        "        except PermissionError:\n"
        "            print('refused')\n"
    )

    assert (done.returncode, done.stdout.split()) == (0, ["refused"] * 8)


# ---- loading it --------------------------------------------------------------------------------------------


@needs_machine
def test_a_thread_that_is_there_already_gets_the_filter_too() -> None:
    """A student's code can reach whatever runs in its process, so no thread may be left outside."""
    done = run_program(
        "import threading\n"
        "loaded = threading.Event()\n"
        "def look():\n"
        "    loaded.wait()\n"
        "    try:\n"
        "        open('/dev/null')\n"
        "    except FileNotFoundError:\n"
        "        print('refused', flush=True)\n"
        "thread = threading.Thread(target=look)\n"
        "thread.start()\n"
        f"{WALL}\n"
        "loaded.set()\n"
        "thread.join()\n"
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "refused\n", "")


@needs_machine
def test_a_thread_that_cannot_follow_is_an_error_and_nothing_is_loaded() -> None:
    """Half a wall is none, and whoever loads it has to know."""
    done = run_program(
        "import struct, threading\n"
        "from autograder.sandbox.seccomp import install_filter, make_filter\n"
        "give_up_new_privileges()\n"
        "allow_all = ctypes.create_string_buffer(struct.pack('<HBBI', 6, 0, 0, 0x7FFF0000), 8)\n"
        "header = ctypes.create_string_buffer(struct.pack('@HP', 1, ctypes.addressof(allow_all)))\n"
        "ready, over = threading.Event(), threading.Event()\n"
        "def go_own_way():\n"
        "    assert libc.prctl(22, 2, ctypes.byref(header), 0, 0) == 0\n"
        "    ready.set()\n"
        "    over.wait()\n"
        "thread = threading.Thread(target=go_own_way)\n"
        "thread.start()\n"
        "ready.wait()\n"
        "try:\n"
        "    install_filter(make_filter(os.uname().machine))\n"
        "except OSError as error:\n"
        "    print(errno.errorcode[error.errno])\n"
        "open('/dev/null').close()\n"
        "over.set()\n"
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "EBUSY\n", "")


UNACCEPTABLE = {
    "empty": b"",
    "jumps-out-of-itself": struct.pack("<HBBI", 0x15, 200, 200, 0),
    "returns-nothing": struct.pack("<HBBI", 0x20, 0, 0, 0),
}


@needs_machine
@pytest.mark.parametrize("program", list(UNACCEPTABLE.values()), ids=list(UNACCEPTABLE))
def test_a_program_that_the_kernel_does_not_accept_is_an_error(program: bytes) -> None:
    """And nothing is loaded: files can still be opened."""
    done = run_program(
        "from autograder.sandbox.seccomp import install_filter\n"
        "give_up_new_privileges()\n"
        "try:\n"
        f"    install_filter({program!r})\n"
        "except OSError as error:\n"
        "    print(errno.errorcode[error.errno])\n"
        "open('/dev/null').close()\n"
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "EINVAL\n", "")


@needs_machine
@needs_new_privileges
def test_an_ordinary_user_has_to_give_up_new_privileges_first() -> None:
    """The kernel's own rule, told by its own error."""
    done = run_program(
        "from autograder.sandbox.seccomp import install_filter, make_filter\n"
        f"{BECOME_ORDINARY}\n"
        "try:\n"
        "    install_filter(make_filter(os.uname().machine))\n"
        "except OSError as error:\n"
        "    print(errno.errorcode[error.errno])\n"
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "EACCES\n", "")
