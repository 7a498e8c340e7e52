"""Other things of the same name are transformed, and the primal's own name is not."""

from __future__ import annotations

PRIMAL = """
import jax

@jax.custom_vjp
def f(x):
    return x.sum()

def f_fwd(x):
    return f(x), None

f.defvjp(f_fwd, lambda _, g: (g,))
"""

SHADOWS = {
    "a parameter": PRIMAL
    + "\ndef run(f, batch):\n    f = jax.vmap(f)\n    return f(batch)\n\nrun(f, batch)\n",
    "a parameter with the primal as its default": PRIMAL
    + "\ndef run(batch, f=f):\n    f = jax.vmap(f)\n    return f(batch)\n",
    "the starred parameters": PRIMAL + "\ndef run(*f, **g):\n    f = jax.vmap(f[0])\n    return f(g)\n",
    "a lambda's parameter": PRIMAL + "over = lambda f: jax.vmap(f)\ny = over(f)(batch)\n",
    "a loop variable": PRIMAL
    + "\ndef run(fs, batch):\n    for f in fs:\n        f = jax.vmap(f)\n        print(f(batch))\n",
    "a local that is made from another name": PRIMAL
    + "g = f\n\ndef run(batch):\n    f = jax.vmap(g)\n    return f(batch)\n",
    "a local def": PRIMAL
    + "\ndef run(batch):\n    def f(x):\n        return x\n    f = jax.vmap(f)\n    return f(batch)\n",
    "a local import": PRIMAL
    + "\ndef run(batch):\n    from mylib import f\n    f = jax.vmap(f)\n    return f(batch)\n",
    "a local walrus": PRIMAL + "g = f\n\ndef run(batch):\n    return (f := jax.vmap(g))(batch)\n",
    "a with target": PRIMAL
    + "\ndef run(path):\n    with open(path) as f:\n        f = jax.vmap(f.read)\n    return f\n",
    "a match capture": PRIMAL
    + "\ndef run(op, batch):\n    match op:\n        case [f]:\n            f = jax.vmap(f)\n            return f(batch)\n",
    "an exception's name": PRIMAL
    + "\ndef run(batch):\n    try:\n        return f_fwd(batch)\n    except ValueError as f:\n        return str(f)\n",
    "a comprehension variable": PRIMAL + "ys = [jax.vmap(f)(batch) for f in [f, abs]]\n",
    "a dictionary comprehension": PRIMAL + "ops = {f.__name__: jax.vmap(f) for f in (abs, f)}\n",
    "a class attribute": PRIMAL + "g = f\n\nclass Ops:\n    f = jax.vmap(g)\n",
    "a method": PRIMAL + "\nclass Ops:\n    def f(self, batch):\n        return jax.vmap(f)(batch)\n",
    "an attribute of an object": PRIMAL + "model.f = jax.vmap(f)\ny = model.f(batch)\n",
    "an attribute of self": PRIMAL
    + "\nclass Model:\n    def __init__(self):\n        self.f = jax.vmap(f)\n\n"
    + "    def __call__(self, batch):\n        return self.f(batch)\n",
    "an item of a dictionary": PRIMAL + 'ops = {}\nops["f"] = jax.vmap(f)\ny = ops["f"](batch)\n',
    "a keyword argument": PRIMAL + "ops = dict(f=jax.vmap(f))\n",
    "setattr of another object": PRIMAL + 'setattr(model, "f", jax.vmap(f))\n',
    "a nested function's own primal": PRIMAL
    + "\ndef make():\n    f = jax.custom_vjp(lambda x: x)\n    f.defvjp(lambda x: (x, None), lambda _, g: (g,))\n"
    + "    f = jax.vmap(f)\n    return f\n",
    "a longer name": PRIMAL + "f_ = jax.vmap(f)\n_f = ff = jax.vmap(f)\ny = f_(batch)\n",
    "a local in a test function": PRIMAL
    + "\ndef test_batch():\n    g = f\n    for f_ in (g,):\n        f_ = jax.vmap(f_)\n        assert f_(batch) is not None\n",
    "a type parameter that is only annotated": PRIMAL
    + "\ndef run(f: object) -> None:\n    f: object = jax.vmap(f)\n",
}
