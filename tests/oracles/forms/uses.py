"""Uses outside the region: those that run where they stand, those that run later, and what only looks like one.

What runs later sees what the scope holds when it ends. ``---`` parts what stands here from what runs at the end.
"""

from __future__ import annotations

from .table import Table

IMMEDIATE = Table(
    "use",
    {
        "statement": "<c>",
        "assignment": "<y> = <c>",
        "annotated_assignment": '<y>: "<n>" = <c>',
        "keyword_argument": "<y> = <t>(<args>x=<o>)",
        "spaced": "<t> ( <args><o> )",
        "multiline": "<y> = <t>(\n|    <args>\n|    <o>,  # <n>(x)\n|)",
        "backslash": "<y> = \\\n|    <c>",
        "nested_calls": "<y> = probe(<o>, <c>)",
        "operator": "<y> = 2.0 * <c> + <c>",
        "comparison": "<y> = <c> is not <c>",
        "boolean": "<y> = flag and <c> or not <c>",
        "subscript": "<y> = <c>[0].real",
        "unpacking": "<y>, <z> = <c>",
        "starred": "<y> = [*<c>, *(<c>,)]",
        "double_star": "<y> = dict(**{'<n>': <c>})",
        "augmented": "<y> = []\n<y> += [<c>]",
        "list_comprehension": "<y> = [<c> for _ in range(1)]",
        "set_comprehension": "<y> = {<c> for _ in range(1)}",
        "dict_comprehension": "<y> = {<o>: <c> for _ in range(1)}",
        "comprehension_source": "<y> = [z for z in [<c>]]",
        "comprehension_filter": "<y> = [z for z in range(1) if <c>]",
        "nested_comprehension": "<y> = [[<c> for _ in range(1)] for _ in [<c>]]",
        "generator_at_once": "<y> = list(<c> for _ in range(1))",
        "f_string": "<y> = f'{<c>} and <n>'",
        "f_string_format": '<y> = f"{<c>:>10} {{<n>}} {<t>(<args>x=<o>)}"',
        "conditional_expression": "<y> = <c> if flag else <c>",
        "walrus": "if (<y> := <c>) is not None:\n    pass",
        "assert": "assert <c> is not None, <c>",
        "lambda_at_once": "<y> = (lambda: <c>)()",
        "default_argument": "def <k>(z=<t>):\n    return z(<args><o>)\n---\n<k>()",
        "default_call": "def <k>(z=<c>):\n    return z\n---\n<k>()",
        "keyword_default": "def <k>(*, z=<t>):\n    return z(<args><o>)\n---\n<k>()",
        "lambda_default": "<k> = lambda z=<t>: z(<args><o>)\n---\n<k>()",
        "default_named_alike": "def <k>(<n>=<t>):\n    return <n>(<args><o>)\n---\n<k>()",
        "decorator_argument": "@marked(<o>, <t>)\ndef <k>():\n    return None\n---\n<k>()",
        "class_body": "class <k>:\n    held = <c>",
        "class_body_comprehension": "class <k>:\n    held = [<c> for _ in range(1)]",
        "class_base": "class <k>(object if <c> else object):\n    pass",
        "class_keeps": "class <k>:\n    held = staticmethod(<t>)\n---\n<k>.held(<args><o>)",
        "class_rebinds": "class <k>:\n    <n> = staticmethod(<t>)\n---\n<k>.<n>(<args><o>)",
        "alias": "<y> = <t>\n<y>(<args><o>)\n---\n<y>(<args><o>)",
        "alias_in_dict": '<y> = {"key": <t>}\n---\n<y>["key"](<args><o>)',
        "alias_in_list": "<y> = [<t>, <t>]\n---\n<y>[0](<args><o>)",
        "attribute_alias": "<y> = box(<n>=<t>)\n---\n<y>.<n>(<args><o>)",
        "argument": "probe(<o>, <t>)",
        "vjp": "<y>, <z> = <jax:vjp>(<t>, <o>)",
        "grad": "<y> = <jax:grad>(<t>)(<o>)",
        "vjp_partial": "<y> = <jax:vjp>(<partial>(<t>, None), <o>)",
        "jit_vmap": "<y> = <jax:jit>(<jax:vmap>(<t>))(<o>)",
        "for_source": "for <y> in [<t>]:\n    <y>(<args><o>)",
        "if_test": "if <c>:\n    <c>\nelse:\n    <c>",
        "in_for": "for _ in range(turns):\n    <c>\nelse:\n    <c>",
        "in_while": "<y> = turns\nwhile <y> and <c>:\n    <y> -= 1\n    <c>",
        "in_try": "try:\n    risky()\n    <c>\nexcept ValueError:\n    <c>\nfinally:\n    <c>",
        "in_with": 'with <jax:named_scope>("<n>") as <y>, <jax:named_scope>("a"):\n    <c>',
        "in_match": "match mode:\n    case 1:\n        <c>\n    case _:\n        <c>",
        "one_line_if": "if flag: <c>; <c>",
        "semicolons": "<y> = 1; <c>; <z> = 2",
        "after_wide_text": "<y> = 'ä€😀 <n>'; <c>  # ß <n>",
        "subject": "match <c>:\n    case _:\n        pass",
    },
    module_only=frozenset({"class_rebinds"}),
)
DEFERRED = Table(
    "deferred",
    {
        "function": "def <k>():\n    return <dc>\n---\n<k>()",
        "function_never_called": "def <k>():\n    return <dc>",
        "keyword_call": "def <k>():\n    return <dt>(<args>x=<o>)\n---\n<k>()",
        "docstring": '''
            def <k>():
                """Calls <n>, twice: <n>(x)."""
                <y> = <dc>  # <n>
                return <y>
            ---
            <k>()
            ''',
        "lambda": "<k> = lambda: <dc>\n---\n<k>()",
        "lambda_in_dict": "<k> = {'a': lambda: <dc>}\n---\n<k>['a']()",
        "generator_function": "def <k>():\n    yield <dc>\n---\nlist(<k>())",
        "generator_kept": "<y> = (<dc> for _ in range(1))\n---\nlist(<y>)",
        "nested_function": "def <k>():\n    def <l>():\n        return <dc>\n    return <l>()\n---\n<k>()",
        "nested_lambda": "def <k>():\n    return (lambda: <dc>)()\n---\n<k>()",
        "nested_default": "def <k>():\n    def <l>(z=<dt>):\n        return z(<args><o>)\n    return <l>()\n---\n<k>()",
        "nested_decorator": """
            def <k>():
                @marked(<o>, <dt>)
                def <l>():
                    return <dc>
                return <l>()
            ---
            <k>()
            """,
        "method": "class <k>:\n    def run(self):\n        return <dc>\n---\n<k>().run()",
        "method_beside_attribute": """
            class <k>:
                <n> = 1.0
                def run(self):
                    return self.<n>, <dc>
            ---
            <k>().run()
            """,
        "property": "class <k>:\n    @property\n    def run(self):\n        return <dc>\n---\n<k>().run",
        "class_in_function": "def <k>():\n    class <l>:\n        held = <dc>\n    return <l>\n---\n<k>()",
        "comprehension": "def <k>():\n    return [<dc> for _ in range(1) if <dc>]\n---\n<k>()",
        "comprehension_same_name": "def <k>():\n    return [<n> for <n> in [<dc>]]\n---\n<k>()",
        "f_string": "def <k>():\n    return f'{<dc>!s:>4} <n>'\n---\n<k>()",
        "branches": "def <k>():\n    if flag:\n        return <dc>\n    return <dc> if turns else <dc>\n---\n<k>()",
        "try": "def <k>():\n    try:\n        return <dc>\n    finally:\n        <dc>\n---\n<k>()",
        "walrus": "def <k>():\n    return (<y> := <dc>)\n---\n<k>()",
        "local_alias": "def <k>():\n    <y> = <dt>\n    return <y>(<args><o>)\n---\n<k>()",
        "called_by_another": "def <k>():\n    return <dc>\ndef <l>():\n    return <k>()\n---\n<l>()",
        "jitted": "@<jax:jit>\ndef <k>():\n    return <dc>\n---\n<k>()",
        "as_argument": "def <k>():\n    return probe(<o>, <dt>)\n---\n<k>()",
        "returned": "def <k>():\n    return <dt>\n---\n<k>()(<args><o>)",
        "transformed_again": "def <k>():\n    return <jax:jit>(<jax:vmap>(<dt>))(<o>)\n---\n<k>()",
        "global": "def <k>():\n    global <dt>\n    return <dc>\n---\n<k>()",
        "nonlocal": "def <k>():\n    nonlocal <dt>\n    return <dc>\n---\n<k>()",
        "main_block": "def <k>():\n    return <dc>\n---\nif __name__ == '__main__':\n    pass\nelse:\n    <k>()",
        "attribute_same_name": "def <k>(z):\n    return z.<n>, <dc>, z.<n>.<n>\n---\n<k>(box(<n>=box(<n>=1.0)))",
        "keyword_same_name": "def <k>():\n    return dict(<n>=<dc>)\n---\n<k>()",
        "parameter_of_inner": """
            def <k>():
                def <l>(<n>):
                    return <n>
                return <l>(<dc>)
            ---
            <k>()
            """,
        "other_primals_rule": """
            @<jax:custom_vjp>
            def <k>(x):
                return x
            def <l>_fwd(x):
                return <dc>, x
            def <l>_bwd(res, ct):
                return (<dc>,)
            <k>.defvjp(<l>_fwd, <l>_bwd)
            """,
        "other_primals_body": """
            @<jax:custom_jvp>
            def <k>(x):
                return <dc>
            @<k>.defjvp
            def <l>_jvp(primals, tangents):
                return primals, tangents
            """,
    },
    module_only=frozenset({"global", "main_block"}),
    function_only=frozenset({"nonlocal"}),
)
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
"""Things spelled like the primal that are not it: they must stay as they are."""
