"""Makes another process do what an attacker inside it would: through ptrace, with its own registers. x86-64."""
import ctypes
import os
import platform
import signal

import hostile_memory as memory

libc = memory.libc
CONT, GETREGS, SETREGS = 7, 12, 13
WALL = 0x40000000
SUPPORTED = platform.machine() == "x86_64"

NAMES = ("r15", "r14", "r13", "r12", "rbp", "rbx", "r11", "r10", "r9", "r8", "rax", "rcx", "rdx", "rsi", "rdi", "orig_rax",
         "rip", "cs", "eflags", "rsp", "ss", "fs_base", "gs_base", "ds", "es", "fs", "gs")


class Registers(ctypes.Structure):
    _fields_ = [(name, ctypes.c_ulonglong) for name in NAMES]


def syscall_instruction(pid):
    """Where its C library has `syscall`."""
    text = next(mapping for mapping in memory.mappings(pid) if "x" in mapping.rights and "libc.so" in mapping.name)
    file = os.open(f"/proc/{pid}/mem", os.O_RDONLY)
    try:
        return text.start + memory.by_file(file, text).index(b"\x0f\x05\xc3")
    finally:
        os.close(file)


def take_over(pid, place, number=None, arguments=()):
    """Attaches, and sets the registers so that it goes on at `place` with a system call's arguments."""
    failed = memory.attach(pid)
    if failed:
        raise OSError(failed, os.strerror(failed))
    registers = Registers()
    libc.ptrace(GETREGS, pid, None, ctypes.byref(registers))
    registers.rip = place
    registers.orig_rax = 2**64 - 1  # not in a system call: nothing is restarted
    if number is not None:
        registers.rax = number
        for name, value in zip(("rdi", "rsi", "rdx", "r10", "r8", "r9"), (*arguments, *[0] * 6)):
            setattr(registers, name, value % 2**64)
        registers.rsp = 0  # a call that is let through returns into nowhere
    libc.ptrace(SETREGS, pid, None, ctypes.byref(registers))


def call(pid, number, arguments):
    """Makes a system call inside the process. The signal that ended it: SIGSYS is its filter, SIGSEGV what came after."""
    take_over(pid, syscall_instruction(pid), number, arguments)
    libc.ptrace(CONT, pid, None, None)
    _, status = os.waitpid(pid, WALL)
    if os.WIFSIGNALED(status):
        return signal.Signals(os.WTERMSIG(status))
    # Stopped by a fault, and alive: the first process of a namespace survives faults while it is traced.
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, WALL)
    return signal.Signals(os.WSTOPSIG(status)) if os.WIFSTOPPED(status) else 0


def crash(pid):
    """Lets it go on at address 0."""
    take_over(pid, 0)
    memory.detach(pid)
