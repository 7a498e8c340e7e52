"""Write a group of files so that all of them change or none does."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from vjpfix.apply.signals import deferred_signals
from vjpfix.model import Problem, Rewritten, SourceFile, VjpfixError


def write(files: Sequence[Rewritten]) -> tuple[tuple[Path, ...], tuple[Problem, ...]]:
    """Put the new content of all ``files`` on disk, or of none.

    Result: the paths (``SourceFile.path``) whose content is new on disk, and what prevented the rest. One
    of the two is empty, unless a file that was already replaced could not be put back: then it stands in
    both. Files whose content stays the same are not touched.

    A file is refused when it changed since it was read, is read-only, or is no regular file any more; so
    is one in a read-only folder. New content is written to a temporary file beside the real file, with
    its mode and, where permitted, its owner, and then takes its place, so that a reader sees the old file
    or the new one. A hard link to the old file keeps the old content, and extended attributes are lost.
    An interruption waits until all files are written; one that comes as an exception (KeyboardInterrupt
    from a system call) leaves the old content everywhere and goes on to the caller.
    """
    changed = _changed(files)
    if problems := _refusals(changed):
        return (), problems
    with deferred_signals():
        return _replace_all(changed)


def obstacles(files: Sequence[Rewritten]) -> tuple[Problem, ...]:
    """What would prevent ``write`` from writing these files now, as far as it can be told beforehand."""
    changed = _changed(files)
    return _refusals(changed) or tuple(_changes_since(changed))


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A file whose new content waits in ``temporary``."""

    file: Rewritten
    temporary: Path


def _replace_all(files: Sequence[Rewritten]) -> tuple[tuple[Path, ...], tuple[Problem, ...]]:
    prepared: list[_Prepared] = []
    begun: list[Rewritten] = []
    try:
        for file in files:
            prepared.append(_Prepared(file, _temporary(file.source, file.data)))
        for file in files:
            _check_unchanged(file.source)
        for each in prepared:
            # Again, and as late as can be: another run may be at work on the same files.
            _check_unchanged(each.file.source)
            begun.append(each.file)
            each.temporary.replace(each.file.source.real_path)
        _sync_folders(files)
    except (VjpfixError, OSError) as error:
        stuck = _put_back(begun)
        left = tuple(file.source.path for file in stuck)
        return left, (_reason_of(error, begun), *map(_stuck_problem, stuck))
    except BaseException as error:
        for file in _put_back(begun):
            error.add_note(_stuck_problem(file).message + f" ({file.source.path})")
        raise
    finally:
        for each in prepared:
            each.temporary.unlink(missing_ok=True)
    return tuple(file.source.path for file in files), ()


def _changed(files: Iterable[Rewritten]) -> tuple[Rewritten, ...]:
    return tuple(file for file in files if file.data != file.source.data)


def _changes_since(files: Iterable[Rewritten]) -> Iterator[Problem]:
    for file in files:
        try:
            _check_unchanged(file.source)
        except VjpfixError as error:
            yield error.problem


def _refusals(files: Iterable[Rewritten]) -> tuple[Problem, ...]:
    return tuple(problem for file in files if (problem := _refusal(file.source)))


def _refusal(source: SourceFile) -> Problem | None:
    try:
        mode = source.real_path.lstat().st_mode
        folder_mode = source.real_path.parent.stat().st_mode
    except OSError as error:
        return Problem(f"cannot be written: {_reason(error)}", source.path)
    if not stat.S_ISREG(mode):
        return Problem("is not a regular file any more; run vjpfix again", source.path)
    # The superuser may write everywhere, but a file without a write bit was protected on purpose.
    if not _is_writable(source.real_path, mode):
        return Problem("is read-only; make it writable (chmod u+w) and run vjpfix again", source.path)
    if not _is_writable(source.real_path.parent, folder_mode):
        return Problem("lies in a read-only folder; make that writable and run vjpfix again", source.path)
    return None


def _is_writable(path: Path, mode: int) -> bool:
    return bool(mode & 0o222) and os.access(path, os.W_OK)


def _check_unchanged(source: SourceFile) -> None:
    """Raise VjpfixError when the file on disk is not what was read."""
    try:
        regular = stat.S_ISREG(source.real_path.lstat().st_mode)
        same = regular and sha256(source.real_path.read_bytes()).hexdigest() == source.digest
    except OSError as error:
        raise VjpfixError(f"cannot be written: {_reason(error)}", source.path) from error
    if not same:
        raise VjpfixError("changed since it was read, so run vjpfix again", source.path)


def _temporary(source: SourceFile, data: bytes) -> Path:
    """A new file beside the real one that holds ``data`` safely and has the real one's mode and owner."""
    real = source.real_path
    try:
        # A name of 255 bytes is the longest most systems take.
        descriptor, name = tempfile.mkstemp(".vjpfix.tmp", f".{real.name[:40]}.", real.parent)
        temporary = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            status = real.stat()
            if hasattr(os, "chown"):
                # Only the superuser may give a file away.
                with suppress(PermissionError):
                    os.chown(temporary, status.st_uid, status.st_gid)
            temporary.chmod(stat.S_IMODE(status.st_mode))
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise VjpfixError(f"cannot be written: {_reason(error)}", source.path) from error
    return temporary


def _put_back(files: Sequence[Rewritten]) -> tuple[Rewritten, ...]:
    """Give files that have their new content the old one; result: those where that failed."""
    stuck: list[Rewritten] = []
    for file in reversed(files):
        try:
            # The last one begun may never have been replaced, or someone else wrote to it.
            if file.source.real_path.read_bytes() == file.data:
                _restore(file.source)
        except (OSError, VjpfixError):
            stuck.append(file)
    return tuple(stuck)


def _restore(source: SourceFile) -> None:
    temporary = _temporary(source, source.data)
    try:
        temporary.replace(source.real_path)
    finally:
        temporary.unlink(missing_ok=True)


def _sync_folders(files: Iterable[Rewritten]) -> None:
    """Make the renames themselves last through a power failure, where the system can."""
    for folder in dict.fromkeys(file.source.real_path.parent for file in files):
        # The files are complete either way: a folder that cannot be synced is no reason to undo them.
        with suppress(OSError):
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def _reason_of(error: VjpfixError | OSError, begun: Sequence[Rewritten]) -> Problem:
    if isinstance(error, VjpfixError):
        return error.problem
    # Only replacing raises an OSError of its own, and what is replaced was noted as begun.
    return Problem(f"cannot be written: {_reason(error)}", begun[-1].source.path)


def _stuck_problem(file: Rewritten) -> Problem:
    return Problem(
        "has its new content, and the old one could not be put back; compare it with version control",
        file.source.path,
    )


def _reason(error: OSError) -> str:
    match error:
        case FileNotFoundError():
            return "it does not exist any more"
        case PermissionError():
            return "no permission"
    return error.strerror or str(error)
