"""Whether a process is still there."""

import os

_SYNCHRONIZE, _STILL_RUNS = 0x00100000, 0x00000102


def is_alive(pid: int) -> bool:
    """Whether a process of that number runs; it may be another one that got the number since."""
    return _is_alive_on_windows(pid) if os.name == "nt" else _is_alive_on_posix(pid)


def _is_alive_on_posix(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _is_alive_on_windows(pid: int) -> bool:
    # There the signal 0 would end the process.
    import ctypes  # noqa: PLC0415  # for one system only

    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009  # unknown to mypy elsewhere
    handle = kernel.OpenProcess(_SYNCHRONIZE, 0, pid)
    if not handle:
        return False
    try:
        return bool(kernel.WaitForSingleObject(handle, 0) == _STILL_RUNS)
    finally:
        kernel.CloseHandle(handle)
