"""Writing a group of files: what is kept, what is refused, and that all change or none does."""

import errno
import os
import resource
import signal
import stat
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import children
from vjpfix.apply import write
from vjpfix.apply.signals import deferred_signals
from vjpfix.discover import read
from vjpfix.model import Rewritten

Replace = Callable[..., None]


def change(path: Path, data: bytes) -> Rewritten:
    source = read(path)
    return Rewritten(source, data, data.decode(source.encoding))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three files, each holding its own name."""
    for name in ("a.py", "b.py", "c.py"):
        (tmp_path / name).write_bytes(name.encode())
    return tmp_path


def changes(folder: Path) -> list[Rewritten]:
    return [change(folder / name, b"new " + name.encode()) for name in ("a.py", "b.py", "c.py")]


def contents(folder: Path) -> dict[str, bytes]:
    """Everything in the folder, so that a forgotten temporary file shows too."""
    return {each.name: each.read_bytes() for each in folder.iterdir() if not each.is_dir()}


OLD = {"a.py": b"a.py", "b.py": b"b.py", "c.py": b"c.py"}
NEW = {name: b"new " + data for name, data in OLD.items()}


def test_every_file_gets_its_new_content_and_nothing_else_is_left(folder: Path) -> None:
    paths = tuple(folder / name for name in OLD)
    assert write(changes(folder)) == (paths, ())
    assert contents(folder) == NEW


def test_a_file_whose_content_stays_is_not_touched(folder: Path) -> None:
    before = (folder / "a.py").stat()
    assert write([change(folder / "a.py", b"a.py")]) == ((), ())
    after = (folder / "a.py").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


@pytest.mark.parametrize("mode", [0o644, 0o755, 0o600, 0o666, 0o2755])
def test_the_mode_is_kept(folder: Path, mode: int) -> None:
    (folder / "a.py").chmod(mode)
    write([change(folder / "a.py", b"new")])
    assert stat.S_IMODE((folder / "a.py").stat().st_mode) == mode


@pytest.mark.skipif(os.geteuid() != 0, reason="only the superuser may give files away")
def test_the_owner_is_kept(folder: Path) -> None:
    os.chown(folder / "a.py", 65534, 65534)
    write([change(folder / "a.py", b"new")])
    status = (folder / "a.py").stat()
    assert (status.st_uid, status.st_gid) == (65534, 65534)


def test_a_name_of_the_greatest_length_can_be_written(tmp_path: Path) -> None:
    target = tmp_path / ("é" * 126 + ".py")
    target.write_bytes(b"old")
    assert write([change(target, b"new")])[1] == ()
    assert contents(tmp_path) == {target.name: b"new"}


# --- refusals -------------------------------------------------------------------------------------------


def refused(folder: Path, files: list[Rewritten], name: str) -> str:
    before = contents(folder)
    paths, problems = write(files)
    assert paths == ()
    assert contents(folder) == before
    (problem,) = problems
    assert problem.path == folder / name
    return problem.message


def test_a_file_that_changed_since_it_was_read_is_refused_and_so_is_the_group(folder: Path) -> None:
    files = changes(folder)
    (folder / "c.py").write_bytes(b"edited meanwhile")
    before = (folder / "a.py").stat().st_ino
    message = refused(folder, files, "c.py")
    assert (folder / "a.py").stat().st_ino == before, "not even replaced and put back"
    assert message == "changed since it was read, so run vjpfix again"


def test_a_file_that_vanished_is_refused(folder: Path) -> None:
    files = changes(folder)
    (folder / "b.py").unlink()
    assert refused(folder, files, "b.py") == "cannot be written: it does not exist any more"


def test_a_file_that_became_something_else_is_refused(folder: Path) -> None:
    files = changes(folder)
    (folder / "b.py").unlink()
    (folder / "b.py").symlink_to("a.py")
    assert refused(folder, files, "b.py") == "is not a regular file any more; run vjpfix again"
    (folder / "b.py").unlink()
    os.mkfifo(folder / "b.py")
    assert write(files)[1][0].message == "is not a regular file any more; run vjpfix again"


def test_files_in_a_read_only_folder_are_refused_even_for_the_superuser(folder: Path) -> None:
    files = changes(folder)
    folder.chmod(0o555)
    try:
        paths, problems = write(files)
    finally:
        folder.chmod(0o755)
    said = "lies in a read-only folder; make that writable and run vjpfix again"
    assert (paths, [each.message for each in problems]) == ((), [said] * 3)
    assert contents(folder) == OLD


def test_every_read_only_file_is_named_even_for_the_superuser(folder: Path) -> None:
    (folder / "a.py").chmod(0o444)
    (folder / "c.py").chmod(0o444)
    paths, problems = write(changes(folder))
    said = "is read-only; make it writable (chmod u+w) and run vjpfix again"
    assert (paths, [(each.path.name, each.message) for each in problems]) == (
        (),
        [("a.py", said), ("c.py", said)],
    )
    assert contents(folder) == OLD


@pytest.mark.skipif(os.geteuid() != 0, reason="needs a second user")
def test_a_file_of_another_user_is_refused(folder: Path) -> None:
    code = """if True:
        import os, sys
        from pathlib import Path
        from vjpfix.apply import write
        from vjpfix.discover import read
        from vjpfix.model import Rewritten
        os.chdir(sys.argv[1]); source = read(Path("a.py"))
        os.setgroups([]); os.setgid(65534); os.setuid(65534)
        print(*(each.message for each in write([Rewritten(source, b"new", "new")])[1]))
    """
    # The folder is open to all, so the system alone would let the file be replaced.
    closed = [each for each in (folder, *folder.parents) if each.stat().st_mode & 0o77 == 0]
    for each in closed:
        each.chmod(0o755)
    folder.chmod(0o777)
    try:
        env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        command = [sys.executable, "-c", code, str(folder)]
        result = children.run(command, check=True, capture_output=True, text=True, env=env)
    finally:
        for each in closed:
            each.chmod(0o700)
    assert result.stdout == "is read-only; make it writable (chmod u+w) and run vjpfix again\n"
    assert contents(folder) == OLD


def test_running_out_of_room_leaves_every_file_as_it_was(folder: Path) -> None:
    files = changes(folder)
    files[1] = Rewritten(files[1].source, b"x" * 100_000, "")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, limits[1]))
    try:
        message = refused(folder, files, "b.py")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert message == "cannot be written: File too large"
    assert contents(folder) == OLD


# --- failures and interruptions in the middle -----------------------------------------------------------


def patch_replace(monkeypatch: pytest.MonkeyPatch, nth: int, act: Callable[[Replace], Replace]) -> None:
    """Let the ``nth`` replacement be ``act(os.replace)`` and all others be real."""
    real = os.replace
    count = 0

    def replace(*args: str) -> None:
        nonlocal count
        count += 1
        (act(real) if count == nth else real)(*args)

    monkeypatch.setattr(os, "replace", replace)


def fails(error: BaseException, *, after: bool = False) -> Callable[[Replace], Replace]:
    def instead(real: Replace) -> Replace:
        def replace(*args: str) -> None:
            if after:
                real(*args)
            raise error

        return replace

    return instead


@pytest.mark.parametrize("nth", [1, 2, 3])
def test_a_failure_at_any_file_puts_the_others_back(
    folder: Path, monkeypatch: pytest.MonkeyPatch, nth: int
) -> None:
    files = changes(folder)
    (folder / "a.py").chmod(0o640)
    patch_replace(monkeypatch, nth, fails(OSError(errno.EIO, "Input/output error")))
    message = refused(folder, files, "abc"[nth - 1] + ".py")
    assert message == "cannot be written: Input/output error"
    assert contents(folder) == OLD
    assert stat.S_IMODE((folder / "a.py").stat().st_mode) == 0o640


@pytest.mark.parametrize("nth", [1, 2, 3])
@pytest.mark.parametrize("after", [False, True])
def test_an_interruption_at_any_file_leaves_the_old_content_everywhere(
    folder: Path, monkeypatch: pytest.MonkeyPatch, nth: int, after: bool
) -> None:
    files = changes(folder)
    patch_replace(monkeypatch, nth, fails(KeyboardInterrupt(), after=after))
    with pytest.raises(KeyboardInterrupt):
        write(files)
    assert contents(folder) == OLD


@pytest.mark.parametrize("left", [{"c.py": b"another run"}, {}], ids=["changes", "vanishes"])
def test_a_file_that_changes_or_vanishes_while_others_are_written_undoes_those(
    folder: Path, monkeypatch: pytest.MonkeyPatch, left: dict[str, bytes]
) -> None:
    files = changes(folder)

    def and_another_run_comes(real: Replace) -> Replace:
        def replace(*args: str) -> None:
            real(*args)
            (folder / "c.py").unlink()
            for name, data in left.items():
                (folder / name).write_bytes(data)

        return replace

    patch_replace(monkeypatch, 1, and_another_run_comes)
    paths, (problem,) = write(files)
    assert (paths, problem.path) == ((), folder / "c.py")
    assert contents(folder) == {"a.py": b"a.py", "b.py": b"b.py", **left}


def test_what_another_wrote_is_not_put_back(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = changes(folder)

    def and_another_writes(_real: Replace) -> Replace:
        def replace(*_args: str) -> None:
            (folder / "a.py").write_bytes(b"another run")
            raise OSError(errno.EIO, "Input/output error")

        return replace

    patch_replace(monkeypatch, 2, and_another_writes)
    write(files)
    assert contents(folder) == {**OLD, "a.py": b"another run"}


BROKEN = "has its new content, and the old one could not be put back; compare it with version control"


def break_from_the_second_on(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Let the second replacement fail so, and none work from then on."""

    def broken(_real: Replace) -> Replace:
        def replace(*_args: str) -> None:
            patch_replace(monkeypatch, 1, fails(OSError(errno.EROFS, "Read-only file system")))
            raise error

        return replace

    patch_replace(monkeypatch, 2, broken)


def test_a_file_that_cannot_be_put_back_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = changes(folder)
    break_from_the_second_on(monkeypatch, OSError(errno.EIO, "Input/output error"))
    paths, problems = write(files)
    assert paths == (folder / "a.py",)
    assert [(each.path.name, each.message) for each in problems] == [
        ("b.py", "cannot be written: Input/output error"),
        ("a.py", BROKEN),
    ]
    assert contents(folder) == {**OLD, "a.py": b"new a.py"}


def test_an_interruption_names_what_could_not_be_put_back(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = changes(folder)
    break_from_the_second_on(monkeypatch, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt) as caught:
        write(files)
    assert caught.value.__notes__ == [f"{BROKEN} ({folder / 'a.py'})"]


@pytest.mark.parametrize(("name", "code"), [("SIGINT", "KeyboardInterrupt"), ("SIGTERM", -signal.SIGTERM)])
@pytest.mark.parametrize("nth", [1, 2])
def test_a_signal_in_the_middle_waits_until_all_is_written(
    folder: Path, name: str, code: str | int, nth: int
) -> None:
    script = f"""if True:
        import os, signal, sys
        from pathlib import Path
        from vjpfix.apply import write
        from vjpfix.discover import read
        from vjpfix.model import Rewritten
        files = [Rewritten(read(p), b"new " + p.name.encode(), "") for p in sorted(Path().iterdir())]
        real, count = os.replace, 0
        def replace(*args):
            global count
            count += 1
            if count == {nth}:
                os.kill(os.getpid(), signal.{name})
            real(*args)
        os.replace = replace
        try:
            write(files)
        except KeyboardInterrupt:
            print("KeyboardInterrupt")
        else:
            print("not interrupted")
    """
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    result = children.run(
        [sys.executable, "-c", script],
        check=False,
        capture_output=True,
        text=True,
        env=env,
        cwd=folder,
    )
    assert (result.stdout.strip() or result.returncode) == code, result.stderr
    assert contents(folder) == NEW


def test_the_handlers_of_the_caller_are_back_afterwards() -> None:
    of_pytest = signal.signal(signal.SIGINT, signal.default_int_handler)  # or it may be ignored, and stay so
    try:
        before = [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]
        with deferred_signals():
            assert signal.getsignal(signal.SIGINT) != before[0]
        assert [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)] == before
    finally:
        signal.signal(signal.SIGINT, of_pytest)


def test_a_signal_that_is_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with deferred_signals():
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_another_thread_can_write_too(folder: Path) -> None:
    results: list[object] = []
    files = changes(folder)
    thread = threading.Thread(target=lambda: results.append(write(files)))
    thread.start()
    thread.join()
    assert results == [(tuple(folder / name for name in OLD), ())]
    assert contents(folder) == NEW


def test_a_hard_link_keeps_the_old_content(folder: Path) -> None:
    os.link(folder / "a.py", folder / "other.py")
    write(changes(folder))
    assert (folder / "other.py").read_bytes() == b"a.py"
