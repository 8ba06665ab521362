"""What a process gives up before it reads a file from strangers: memory, time, files, children, and the network.

Limits of the operating system where it has them (POSIX), and on Linux a filter of system calls that needs no
privileges. Nothing here can be undone by the process that asked for it.
"""

from __future__ import annotations

import ctypes
import os
import platform
import sys
from pathlib import Path
from typing import Any, Final

if sys.platform != "win32":
    import resource

_PR_SET_PDEATHSIG: Final = 1
_PR_SET_SECCOMP: Final = 22
_PR_SET_NO_NEW_PRIVS: Final = 38
_SECCOMP_MODE_FILTER: Final = 2
_SIGKILL: Final = 9

_ALLOW: Final = 0x7FFF0000
_REFUSE: Final = 0x00050000 | 1  # SECCOMP_RET_ERRNO with EPERM
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_NUMBER_OFFSET, _ARCHITECTURE_OFFSET = 0, 4
_FOREIGN_ABI: Final = 0x40000000
"""System calls of another binary interface (x32) start here, on x86-64; the others have none so large."""

# Architecture as the kernel audits it; then socket, connect, bind, listen, accept, accept4, socketpair, ptrace,
# execve, execveat, io_uring_setup (which opens sockets by itself).
_CALLS: Final = {
    "x86_64": (0xC000003E, (41, 42, 49, 50, 43, 288, 53, 101, 59, 322, 425)),
    "aarch64": (0xC00000B7, (198, 203, 200, 201, 202, 242, 199, 117, 221, 281, 425)),
}


class _Instruction(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_ushort),
        ("if_true", ctypes.c_ubyte),
        ("if_false", ctypes.c_ubyte),
        ("value", ctypes.c_uint32),
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.POINTER(_Instruction)))


def limit_memory(more: int) -> None:
    """Let this process take at most so many bytes of address space beyond what it has."""
    if sys.platform != "win32":
        _lower(resource.RLIMIT_AS, _address_space() + more)


def limit_files(more: int) -> None:
    """So many open files beyond what it has, none that can be written to, no core dump, no children."""
    if sys.platform != "win32":
        for limit, value in (
            (resource.RLIMIT_NOFILE, _first_free_descriptor() + more),
            (resource.RLIMIT_FSIZE, 0),
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_NPROC, 0),
        ):
            _lower(limit, value)


def allow_processor(seconds: int) -> None:
    """Let the process use so many more seconds of the processor; then the system ends it."""
    if sys.platform != "win32":
        usage = resource.getrusage(resource.RUSAGE_SELF)
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (int(usage.ru_utime + usage.ru_stime) + 1 + seconds, hard))


def die_with_parent() -> None:
    """Let the system end this process when the thread that started it ends, however that ends; on Linux."""
    if sys.platform == "linux":
        _prctl(_PR_SET_PDEATHSIG, _SIGKILL)


def forbid_network() -> bool:
    """Refuse every new socket, and every new program, from now on; whether the system took it.

    Only on Linux on x86-64 and ARM64. Elsewhere the process keeps what it had, and the caller decides.
    """
    found = _CALLS.get(platform.machine())
    if sys.platform != "linux" or found is None or sys.maxsize < 2**32:
        return False
    instructions = _filter(*found)
    array = (_Instruction * len(instructions))(*instructions)
    program = _Program(len(instructions), array)
    return (
        _prctl(_PR_SET_NO_NEW_PRIVS, 1) == 0
        and _prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program)) == 0
    )


def _filter(architecture: int, refused: tuple[int, ...]) -> list[_Instruction]:
    """Another architecture or binary interface is refused whole; the jumps count instructions to the last one."""
    checks = [(_AT_LEAST, _FOREIGN_ABI), *((_EQUAL, number) for number in refused)]
    to_refusal = [len(checks) - index for index in range(len(checks))]
    return [
        _Instruction(_LOAD, 0, 0, _ARCHITECTURE_OFFSET),
        _Instruction(_EQUAL, 0, len(checks) + 2, architecture),
        _Instruction(_LOAD, 0, 0, _NUMBER_OFFSET),
        *(_Instruction(code, jump, 0, value) for (code, value), jump in zip(checks, to_refusal, strict=True)),
        _Instruction(_RETURN, 0, 0, _ALLOW),
        _Instruction(_RETURN, 0, 0, _REFUSE),
    ]


def _prctl(option: int, *arguments: Any) -> int:
    library = ctypes.CDLL(None, use_errno=True)
    padded = (*arguments, *(0 for _ in range(4 - len(arguments))))
    return int(library.prctl(option, *padded))


def _lower(limit: int, value: int) -> None:
    """Set both limits, never above the hard one there is."""
    _, hard = resource.getrlimit(limit)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(limit, (value, value))


def _first_free_descriptor() -> int:
    """The number after the highest one in use: whoever forked this process may have had many files open."""
    try:
        return max(int(each.name) for each in Path("/dev/fd").iterdir()) + 1
    except OSError:
        return 3  # the standard ones


def _address_space() -> int:
    """Bytes of address space in use; 0 where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
