#!/usr/bin/env bash
# Public packages to measure on, each as its wheel unpacks: tests/benchmarks/corpus.sh FOLDER
set -euo pipefail
folder="$1"
for package in jax==0.8.0 flax==0.12.0 equinox diffrax optimistix lineax optax numpyro jaxopt ott-jax tinygp distrax \
    e3nn-jax dm-haiku brax netket chex tensorflow-probability pennylane kfac-jax neural-tangents blackjax \
    transformers diffusers sympy scipy keras; do
    python3 -m pip install -q --no-deps --target "$folder/${package%%=*}" "$package" ||
        echo "$package could not be had" >&2
done
find "$folder" -name '*.py' | wc -l
