"""Uses outside the region that run later: they see what the scope holds when it ends."""

from __future__ import annotations

from .draw import Table

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
