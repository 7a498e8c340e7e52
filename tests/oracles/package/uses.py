"""What an importer does with the name once it has it.

``<t>`` is the expression that reads it, ``<args>`` what a call passes first; a trap's ``<f>`` is the bare
name, which means something else there.
"""

from __future__ import annotations

SHOWN = 'probe(<o>, f"""{<t>(<args><o>)=:}""")'
"""The program sees the text of this code, which must stay: by an alias in the import, or not at all."""
USES = {
    "call": "<t>(<args><o>)",
    "assignment": "<y> = <t>(<args>x=<o>)",
    "comprehension": "<y> = [<t>(<args><o>) for _ in range(1)]",
    "f_string": '<y> = f"""{<t>(<args><o>)} of <f>"""',
    "f_string_shown": SHOWN,
    "multiline": "<y> = <t>(\n    <args>\n    <o>,  # <f>(x)\n)",
    "function": "def <k>():\n    return <t>(<args><o>)\n\n\n<k>()",
    "nested": "def <k>():\n    def <l>():\n        return <t>(<args><o>)\n    return <l>()\n\n\n<k>()",
    "default": "def <k>(z=<t>):\n    return z(<args><o>)\n\n\n<k>()",
    "lambda": "<k> = lambda: <t>(<args><o>)\n<k>()",
    "method": "class <c>:\n    def run(self):\n        return <t>(<args><o>)\n\n\n<c>().run()",
    "class_body": "class <c>:\n    held = staticmethod(<t>)\n\n\n<c>.held(<args><o>)",
    "class_rebinds": "class <c>:\n    <f> = staticmethod(<t>)\n\n\n<c>.<f>(<args><o>)",
    "alias": "<y> = <t>\n<y>(<args><o>)",
    "argument": "probe(<o>, <t>)",
    "dictionary": '<y> = {"<f>": <t>}\n<y>["<f>"](<args><o>)',
    "keyword": "<y> = box(<f>=<t>)\n<y>.<f>(<args><o>)",
    "partial": "from functools import partial\n\n<y> = partial(<t>, <args><o>)\n<y>()",
    "transformed": "import jax\n\n<y> = jax.jit(jax.vmap(<t>))\n<y>(<args><o>)",
    "annotated": "<y>: object = <t>(<args><o>)",
    "if_block": "if flag:\n    <t>(<args><o>)",
    "try_block": "try:\n    <t>(<args><o>)\nfinally:\n    <t>(<args><o>)",
    "with_block": "import contextlib\n\nwith contextlib.suppress(KeyError):\n    <t>(<args><o>)",
    "walrus": "if (<y> := <t>(<args><o>)) is not None:\n    pass",
    "parameter_default": "def <k>(<f>=<t>):\n    return <f>(<args><o>)\n\n\n<k>()",
}
TRAPS = {
    "parameter": "def <k>(<f>):\n    return <f>(<o>)\n\n\n<k>(fake)",
    "keyword_only": "def <k>(*, <f>=fake):\n    return <f>(<o>)\n\n\n<k>(<f>=fake)",
    "local": "def <k>():\n    <f> = fake\n    return <f>(<o>)\n\n\n<k>()",
    "local_def": "def <k>():\n    def <f>(*args):\n        return said('local', *args)\n    return <f>(<o>)\n\n\n<k>()",
    "comprehension": "<y> = [<f>(<o>) for <f> in (fake,)]",
    "lambda_parameter": "<k> = lambda <f>: <f>(<o>)\n<k>(fake)",
    "loop_in_function": "def <k>():\n    for <f> in (fake,):\n        <f>(<o>)\n\n\n<k>()",
    "class_attribute": "class <c>:\n    <f> = fake\n\n\n<c>.<f>(<o>)",
    "method": "class <c>:\n    def <f>(self, *args):\n        return said('method', *args)\n\n\n<c>().<f>(<o>)",
    "attribute": "<y> = box(<f>=fake)\n<y>.<f>(<o>)",
    "string": "<y> = 'see <f>, or <f>(x)'",
    "key": '<y> = {"<f>": 1.0}["<f>"]',
    "comment": "# <f>(x) and m.<f>(x)",
    "docstring": 'def <k>():\n    """Calls <f>(x)."""\n    return None',
    "except_as": "def <k>():\n    try:\n        raise ValueError\n    except ValueError as <f>:\n        return str(<f>)\n\n\n<k>()",
    "longer": "<f>_ = my_<f> = 1.0",
}
"""Uses of the spelling alone. At most the name of a local, so that they stand beside any import."""

TAKEN = {
    "variable": "<new> = 1.0\nprobe(<o>, str(<new>))",
    "function": "def <new>(*args):\n    return said('taken', *args)\n\n\n<new>(<o>)",
    "local": "def <k>():\n    <new> = fake\n    return <new>(<o>)\n\n\n<k>()",
    "parameter": "def <k>(<new>):\n    return <new>(<o>)\n\n\n<k>(fake)",
    "attribute": "<y> = box(<new>=fake)\n<y>.<new>(<o>)",
}
"""The new name is somebody else's in the importer."""
