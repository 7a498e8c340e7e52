"""The guard in pytest: ``pytest --vjpfix``, or ``vjpfix = error`` (or ``warn``) in its configuration.

Off, it costs the import of this module, which imports nothing of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

_MODES = ("error", "warn", "off")


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("vjpfix", "custom derivatives of JAX")
    group.addoption(
        "--vjpfix",
        action="store_true",
        help="Run each test under vjpfix's guard: one in which it sees an error fails, by default.",
    )
    parser.addini(
        "vjpfix",
        "Run tests under vjpfix's guard: error (they fail), warn (it is said at the end) or off.",
        default="",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "no_vjpfix: run this test without vjpfix's guard.")
    setting = str(config.getini("vjpfix"))
    if setting and setting not in _MODES:
        import pytest

        raise pytest.UsageError(f"vjpfix = {setting} is none of {', '.join(_MODES)}")
    on = config.getoption("--vjpfix")
    mode = (setting if setting != "off" else "") or "error" if on else setting or "off"
    if mode == "off":
        return
    from importlib.util import find_spec

    if find_spec("jax") is None:
        import pytest

        raise pytest.UsageError("the guard of vjpfix needs JAX, which is not installed; leave --vjpfix away")
    from vjpfix.runtime.pytest_guard import GuardedTests

    config.pluginmanager.register(GuardedTests(fails=mode == "error"), "vjpfix-guard")
