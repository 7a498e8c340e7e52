"""Things spelled like the primal that are not it: they must stay as they are."""

from __future__ import annotations

from .draw import Table

TRAPS = Table(
    "trap",
    {
        "comment": "# <n> is called below: <n>(x)\npass",
        "string": "<y> = 'see <n>, or <n>(x)'",
        "string_exact": '<y> = {"<n>": 1.0}["<n>"]',
        "parameter": "def <k>(<n>):\n    return <n>\n---\n<k>(1.0)",
        "keyword_only_parameter": "def <k>(*, <n>=2.0):\n    return <n>\n---\n<k>(<n>=1.0)",
        "parameter_rebound": "def <k>(<n>):\n    <n> = <jax:vmap>(<n>)\n    return <n>\n---\n<k>(keep)",
        "lambda_parameter": "<k> = lambda <n>: <n>\n---\n<k>(1.0)",
        "local": "def <k>():\n    <n> = 1.0\n    return <n>\n---\n<k>()",
        "local_of_closure": """
            def <k>():
                <n> = 1.0
                def <l>():
                    return <n>
                return <l>()
            ---
            <k>()
            """,
        "local_nonlocal": """
            def <k>():
                <n> = 1.0
                def <l>():
                    nonlocal <n>
                    <n> += 1.0
                <l>()
                return <n>
            ---
            <k>()
            """,
        "local_for": "def <k>():\n    for <n> in (1.0, 2.0):\n        pass\n    return <n>\n---\n<k>()",
        "local_with": "def <k>():\n    with <jax:named_scope>('a') as <n>:\n        return <n>\n---\n<k>()",
        "local_import": "def <k>():\n    import math as <n>\n    return <n>.pi\n---\n<k>()",
        "local_def": "def <k>():\n    def <n>():\n        return 1.0\n    return <n>()\n---\n<k>()",
        "local_walrus": "def <k>():\n    return (<n> := 1.0) + <n>\n---\n<k>()",
        "local_del": "def <k>():\n    <n> = 1.0\n    del <n>\n---\n<k>()",
        "local_unpacked": "def <k>():\n    (<n>, *_) = 1.0, 2.0\n    return <n>\n---\n<k>()",
        "local_match": "def <k>():\n    match 1.0:\n        case <n>:\n            return <n>\n---\n<k>()",
        "except_as": """
            def <k>():
                try:
                    risky()
                except ValueError as <n>:
                    return str(<n>)
            ---
            <k>()
            """,
        "comprehension_variable": "<y> = [<n> for <n> in (1.0, 2.0) if <n>]",
        "dict_comprehension_variable": "<y> = {<n>: <n> for <n> in (1.0, 2.0)}",
        "generator_variable": "<y> = sum(<n> for <n> in (1.0, 2.0))",
        "attribute": "<y> = box(a=1.0)\n<y>.<n> = 2.0\n<y>.<n> += <y>.<n>",
        "keyword": "<y> = dict(<n>=1.0)",
        "class_attribute": "class <k>:\n    <n> = 1.0\n---\n<k>.<n>",
        "method_name": "class <k>:\n    def <n>(self):\n        return self.<n>\n---\n<k>().<n>()",
        "own_primal": """
            def <k>():
                @<jax:custom_vjp>
                def <n>(x):
                    return x
                def fwd(x):
                    return x, x
                <n>.defvjp(fwd, lambda res, ct: (ct,))
                return <n>
            ---
            <k>()
            """,
        "longer_names": "<n>_ = _<n> = my_<n>2 = 1.0",
    },
)
