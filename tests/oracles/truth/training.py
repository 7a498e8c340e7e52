"""Small networks are trained with flax and optax: a program that runs much of both packages."""

from __future__ import annotations

import unittest

import jax
import jax.numpy as jnp
import optax
from flax import linen, nnx, serialization, traverse_util
from flax.training import train_state

OPTIMIZERS = {
    "chain": lambda: optax.chain(
        optax.clip_by_global_norm(1.0), optax.adamw(optax.cosine_decay_schedule(0.1, 9))
    ),
    "accumulating": lambda: optax.MultiSteps(optax.lamb(0.05), 2),
}
X = jnp.linspace(-1.0, 1.0, 24).reshape(2, 3, 4)
Y = jnp.asarray([0, 1])


class Block(linen.Module):
    width: int

    @linen.compact
    def __call__(self, x, train: bool = True):
        x = linen.LayerNorm()(linen.Dense(self.width)(x))
        x = x + linen.MultiHeadDotProductAttention(num_heads=2)(x, x)
        x = linen.BatchNorm(use_running_average=not train)(linen.gelu(x))
        return linen.Dropout(0.1, deterministic=not train)(x)


class Linen(linen.Module):
    @linen.compact
    def __call__(self, x, train: bool = True):
        scanned = linen.scan(linen.GRUCell, variable_broadcast="params", split_rngs={"params": False})
        cell = scanned(features=8)
        x = linen.remat(Block, static_argnums=(2,))(8)(x, train)
        x = linen.Conv(8, (2,))(x)
        carry, _ = cell(cell.initialize_carry(jax.random.key(0), x[:, 0].shape), x.swapaxes(0, 1))
        return linen.Dense(2)(carry)


class Nnx(nnx.Module):
    def __init__(self, rngs):
        self.first = nnx.Linear(4, 8, rngs=rngs)
        self.norm = nnx.BatchNorm(8, rngs=rngs)
        self.attention = nnx.MultiHeadAttention(2, 8, 8, decode=False, rngs=rngs)
        self.drop = nnx.Dropout(0.1, rngs=rngs)
        self.last = nnx.LoRALinear(8, 2, lora_rank=2, rngs=rngs)

    def __call__(self, x):
        x = self.drop(nnx.relu(self.norm(self.first(x))))
        return self.last(self.attention(x).mean(1))


def loss_of(logits):
    return optax.softmax_cross_entropy_with_integer_labels(logits, Y).mean()


class Training(unittest.TestCase):
    def test_linen_learns(self):
        for name, optimizer in OPTIMIZERS.items():
            with self.subTest(name):
                model = Linen()
                variables = model.init({"params": jax.random.key(0), "dropout": jax.random.key(1)}, X)
                state = train_state.TrainState.create(
                    apply_fn=model.apply, params=variables["params"], tx=optimizer()
                )
                stats, losses = variables["batch_stats"], []

                @jax.jit
                def step(state, stats, key):
                    def loss(params):
                        variables = {"params": params, "batch_stats": stats}
                        rngs = {"dropout": key}
                        logits, new = state.apply_fn(variables, X, rngs=rngs, mutable=["batch_stats"])
                        return loss_of(logits), new["batch_stats"]

                    (value, new), gradients = jax.value_and_grad(loss, has_aux=True)(state.params)
                    return state.apply_gradients(grads=gradients), new, value

                for turn in range(8):
                    state, stats, value = step(state, stats, jax.random.key(turn))
                    losses.append(float(value))
                assert losses[-1] < losses[0]
                again = serialization.from_bytes(state.params, serialization.to_bytes(state.params))
                assert (
                    traverse_util.flatten_dict(again).keys()
                    == traverse_util.flatten_dict(state.params).keys()
                )

    def test_nnx_learns(self):
        model = Nnx(nnx.Rngs(0))
        optimizer = nnx.Optimizer(model, optax.adam(0.02), wrt=nnx.Param)
        metrics = nnx.MultiMetric(loss=nnx.metrics.Average("loss"))

        @nnx.jit
        def step(model, optimizer):
            loss, gradients = nnx.value_and_grad(lambda model: loss_of(model(X)))(model)
            optimizer.update(model, gradients)
            return loss

        losses = [float(step(model, optimizer)) for _ in range(8)]
        for loss in losses:
            metrics.update(loss=jnp.asarray(loss))
        assert losses[-1] < losses[0]
        assert abs(float(metrics.compute()["loss"]) - sum(losses) / len(losses)) < 1e-4
        definition, parameters, rest = nnx.split(model, nnx.Param, ...)
        merged = nnx.merge(definition, parameters, rest)
        merged.eval()
        assert merged(X).shape == (2, 2)

    def test_linen_describes_itself(self):
        text = Linen().tabulate(
            {"params": jax.random.key(0), "dropout": jax.random.key(1)}, X, console_kwargs={"width": 200}
        )
        assert "LayerNorm" in text
