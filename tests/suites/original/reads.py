"""Which uses mean the original, and what stays because it means the mapped version."""

from __future__ import annotations

from tests.suites.rewrite import Case

from .rebindings import PRIMAL

REBOUND = "f = jax.vmap(f⟦_unmapped⟧)\n"

READS: dict[str, str | Case] = {
    "calls before it is rebound": PRIMAL + "y = f⟦_unmapped⟧(row)\n" + REBOUND + "z = f(batch)\n",
    "a default argument is read when its def runs": PRIMAL
    + "def early(x, op=f⟦_unmapped⟧):\n    return op(x), f(x)\n\n"
    + REBOUND
    + "def late(x, op=f):\n    return op(x)\n",
    "a decorator is read when its def runs": PRIMAL
    + "@uses(f⟦_unmapped⟧)\ndef early(x):\n    return x\n\n"
    + REBOUND
    + "@uses(f)\ndef late(x):\n    return f(x)\n",
    "a class body is read at once and its methods later": PRIMAL
    + "class Before:\n    op = f⟦_unmapped⟧\n    f = staticmethod(f⟦_unmapped⟧)\n\n"
    + "    def run(self, x):\n        return f(x), self.f(x)\n\n"
    + REBOUND,
    "a comprehension and a generator": PRIMAL
    + "singles = [f⟦_unmapped⟧(row) for row in batch]\nlazily = (f(rows) for rows in batches)\n"
    + REBOUND,
    "functions and lambdas run later": PRIMAL
    + "later = lambda rows: f(rows)\n\ndef run(rows):\n    return f(rows)\n\n"
    + REBOUND,
    "parameters, locals and keywords stay": PRIMAL
    + "def twice(f, x):\n    return f(x)\n\ndef halved(x):\n    f = 0.5\n    return f * x\n\n"
    + "z = dict(f=f⟦_unmapped⟧(row)), box.f\n"
    + REBOUND,
    "strings and comments stay": PRIMAL + '# f, the original\nz = "f", f⟦_unmapped⟧  # f\n' + REBOUND,
    "f-strings hold code": PRIMAL + "print(f'f: {f⟦_unmapped⟧(row)!r:>{len(\"f\")}} {{f}}')\n" + REBOUND,
    "an entry of __all__ stays": '__all__ = ["f"]\n' + PRIMAL.lstrip("\n") + REBOUND,
    "an __all__ that is put together stays": '__all__ = ["" "f"]\n' + PRIMAL.lstrip("\n") + REBOUND,
    "a main function": PRIMAL
    + REBOUND
    + 'def main():\n    print(f(batch))\n\nif __name__ == "__main__":\n    main()\n',
    "code that never runs stays": PRIMAL + "def run(x):\n    return x\n    return f(x)\n\n" + REBOUND,
    "the new name is taken": "f_unmapped = 1\n"
    + PRIMAL.lstrip("\n").replace("unmapped", "unmapped_2")
    + REBOUND.replace("unmapped", "unmapped_2"),
    "the new name is a parameter somewhere": (PRIMAL + REBOUND).replace("unmapped", "unmapped_2")
    + "def run(f_unmapped):\n    return f(f_unmapped)\n",
    "a name that is given": Case(
        (PRIMAL + REBOUND).replace("f⟦_unmapped⟧", "⟦core_⟧f"), options={"names": {"f": "core_f"}}
    ),
    "a method of jax on the original": PRIMAL
    + "text = f⟦_unmapped⟧.fun, jax.jit(f⟦_unmapped⟧).lower(row)\n"
    + REBOUND,
}
