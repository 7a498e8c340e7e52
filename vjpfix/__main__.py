"""``python -m vjpfix``.

Python puts the current folder before everything that can be imported. It is that of the project that is
looked at, of which nothing must run, whatever a module there is called: so its place is given to the folder
that it is for the command ``vjpfix``.
"""

import os
import sys

if not sys.flags.safe_path and os.path.dirname(os.path.dirname(__file__)) != sys.path[0]:  # noqa: PTH120
    sys.path[0] = os.path.dirname(sys.executable or __file__)  # noqa: PTH120

from vjpfix.cli import main

main()
