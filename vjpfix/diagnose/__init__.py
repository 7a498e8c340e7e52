"""An error text to its causes. Pure: the text and what the static analysis found in, a diagnosis out.

`reading` takes a text apart, `texts` knows what JAX says in which version, `causes` what each of these texts
stands for, `evidence` weighs it against the findings, `diagnosis` puts them together; `view` and `document`
show the result to people and programs.
"""
