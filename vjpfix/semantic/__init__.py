"""One module as data: scopes, places, bindings, references and the flow between them, from one walk.

Knows Python, and nothing of JAX or of projects. After pyright's binder: everything that is not told by the
walk itself is a question that is answered when it is asked.
"""
