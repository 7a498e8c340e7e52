"""Whether modules of a checkout can be imported in this environment, each time in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from plant_sites import SETTERS, module_of

SECONDS = 300

# Imports the modules; then asks the importer (the second one) what it holds. Prints what went wrong.
CHILD = """
import importlib, json, os, sys
request = json.loads(sys.argv[1])
failed = {}
for name, path in request["modules"]:
    try:
        file = importlib.import_module(name).__file__
        if os.path.realpath(file) != path:
            failed[name] = f"is another file: {file}"
    except BaseException as error:
        failed[name] = f"{type(error).__name__}: {error}"
if request["held"] and not failed:
    module, user = (sys.modules[name] for name, _ in request["modules"][:2])
    try:
        if user.held() is not getattr(module, request["held"]):
            failed["held"] = "the importer does not hold the transformed function"
        if request["primal"]:
            primal = getattr(module, request["primal"])
            if not any(hasattr(primal, setter) for setter in request["setters"]):
                failed["held"] = "the primal is not under its name"
    except AttributeError as error:
        failed["held"] = str(error)
print()
print(json.dumps(failed))
"""


def import_failures(
    paths: list[Path], root: Path, held: str = "", primal: str = "", *, keep: bool = False
) -> dict[str, str]:
    """Import modules in a process of their own; what failed, each with its reason. ``keep``: the bytecode too."""
    named = [(path, *module_of(path, root)) for path in paths]
    request = {
        "modules": [(name, os.path.realpath(path)) for path, name, _ in named],
        "held": held,
        "primal": primal,
        "setters": sorted(SETTERS),
    }
    folders = dict.fromkeys([*(str(top) for _, _, top in named), str(root)])
    environment = {**os.environ, "JAX_PLATFORMS": "cpu", "PYTHONPATH": os.pathsep.join(folders)}
    environment |= {} if keep else {"PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-W", "ignore", "-c", CHILD, json.dumps(request)],
            capture_output=True,
            text=True,
            check=False,
            cwd=root,
            env=environment,
            timeout=SECONDS,
        )
        return json.loads(done.stdout.splitlines()[-1])
    except (subprocess.TimeoutExpired, ValueError, IndexError) as error:
        return {name: f"the import did not end well: {error!r}" for _, name, _ in named}
