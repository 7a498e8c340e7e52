"""Files whose every other byte has to stay."""

from __future__ import annotations

from .case import Case

PLAIN = """
import jax

@jax.custom_vjp
def f(x):
    return x.sum()

f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
f⟦_mapped⟧ = jax.vmap(f)
y = f⟦_mapped⟧(batch)
"""

MERGED = """
import jax

@jax.custom_vjp
def f(x):
    return x.sum()

f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
⟦f_mapped = f
⟧if batched:
    f⟦_mapped⟧ = jax.vmap(f)
y = f⟦_mapped⟧(batch)
"""

EXACT: dict[str, str | Case] = {
    "line ends of Windows": Case(PLAIN, newline="\r\n"),
    "line ends of Windows around an alias": Case(MERGED, newline="\r\n"),
    "a byte order mark": Case(PLAIN, bom=True),
    "a byte order mark and line ends of Windows": Case(MERGED, bom=True, newline="\r\n"),
    "a latin-1 file with its cookie": Case(
        "# -*- coding: latin-1 -*-\n# Größe der Beiträge\n" + PLAIN + "name = 'é', f⟦_mapped⟧(batch)\n",
        encoding="latin-1",
    ),
    "no final newline": Case(PLAIN.rstrip("\n")),
    "many final newlines": Case(PLAIN + "\n\n\n"),
    "spaces at the end": Case(PLAIN + "    "),
    "blank lines of which the last holds spaces": Case(PLAIN + "\n\n    "),
    "a tab on the last line": Case(PLAIN + "\n\t"),
    "a form feed at the end": Case(PLAIN + "\n\f\n\f"),
    "a comment above spaces at the end": Case(PLAIN + "\n    # the end\n  "),
    "spaces at the end, with line ends of Windows": Case(PLAIN + "\n\n  ", newline="\r\n"),
    "a line continuation before the first statement": Case("\\\n" + PLAIN.removeprefix("\n")),
    "spaces at the end of the module that needs an alias": Case(MERGED + "\n  \n   # the end\n   "),
    "form feeds before statements": Case(
        "import jax\n\n\f@jax.custom_vjp\ndef f(x):\n    return x.sum()\n\n"
        "\ff.defvjp(lambda x: (f(x), None), lambda _, g: (g,))\n\ff⟦_mapped⟧ = jax.vmap(f)\n"
        "\fif batch:\n\f    print(f⟦_mapped⟧(batch), f⟦_mapped⟧)\n"
    ),
    "a form feed before the statement that needs an alias": Case(MERGED.replace("⟧if", "⟧\fif")),
    "lines that end in blanks": Case(
        PLAIN.replace("(f)\n", "(f)  \t\n").replace("import jax\n", "import jax  \n")
    ),
    "tabs": Case(
        "import jax\n\ndef make(batched):\n\tf = jax.custom_vjp(lambda x: x.sum())\n"
        "\tf.defvjp(lambda x: (f(x), None), lambda _, g: (g,))\n\t⟦f_mapped = f\n\t⟧if batched:\n"
        "\t\tf⟦_mapped⟧ = jax.vmap(f)\n\treturn f⟦_mapped⟧\n"
    ),
    "form feeds between sections": Case(
        PLAIN.replace("\nf.defvjp", "\n\f\nf.defvjp") + "\f\nz = f⟦_mapped⟧(batch)\n"
    ),
    "a line separator that is no line end": Case("text = 'a\u2028b'; n = 1\n" + PLAIN),
    "wide letters before the name on its line": Case(PLAIN + "größe, 名前 = '🙂🙂', f⟦_mapped⟧(batch)\n"),
    "comments above the statement that needs an alias": Case(
        MERGED.replace(
            "⟦f_mapped = f\n⟧if", "# Only where the data has rows.\n# (See the paper.)\n⟦f_mapped = f\n⟧if"
        )
    ),
    "decorators above the statement that needs an alias": """
        import jax

        def calls(op):
            return lambda fn: fn

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        ⟦f_mapped = f
        ⟧@calls(print)
        @calls(batched and (f⟦_mapped⟧ := jax.vmap(f)))
        def shown(y):
            return y

        y = f⟦_mapped⟧(batch)
        """,
    "odd quotes and prefixes": Case(PLAIN + """z = f⟦_mapped⟧(B["f"]), R'f\\f', Rb"f", '''f''' "f" 'f'\n"""),
    "semicolons": Case(
        "import jax; f = jax.custom_vjp(lambda x: x.sum())\n"
        "f.defvjp(lambda x: (f(x), None), lambda _, g: (g,)); f⟦_mapped⟧ = jax.vmap(f); y = f⟦_mapped⟧(b);\n"
    ),
    "line continuations": Case(
        PLAIN.replace("f⟦_mapped⟧ = jax.vmap(f)", "f⟦_mapped⟧ \\\n    = \\\n  jax.vmap(f)")
        + "z = 1 + \\\n    f⟦_mapped⟧(batch)\n"
    ),
    "spaces where nobody puts them": Case(
        PLAIN + "z = f⟦_mapped⟧  ( batch )if f⟦_mapped⟧ is not None else[f⟦_mapped⟧]\n"
    ),
    "a call over many lines with comments": Case(
        PLAIN.replace("jax.vmap(f)", "jax.vmap(  # over rows\n    f,  # f itself\n    in_axes=0,\n)")
    ),
    "nested format specs": Case(PLAIN + "print(f'{f⟦_mapped⟧(b):>{f⟦_mapped⟧(c)}}' f\"{f⟦_mapped⟧}\" 'f')\n"),
    "a triple-quoted f-string over lines": Case(
        PLAIN + 'print(f"""\nf {f⟦_mapped⟧(\n    batch\n)} and {{f}}\n  {f⟦_mapped⟧!r:>10}""")\n'
    ),
    "a shebang and a type comment": Case(
        "#!/usr/bin/env python\n" + PLAIN.replace("vmap(f)\n", "vmap(f)  # type: ignore  # noqa: F811\n")
    ),
    "a walrus inside a comprehension": Case(
        PLAIN + "zs = [w for rows in batches if (w := f⟦_mapped⟧(rows)) is not f⟦_mapped⟧]\n"
    ),
}
