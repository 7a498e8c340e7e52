"""The review stage: what a person, a program or `git apply` is shown of a run's findings and fixes.

It touches nothing but the screen. `output` writes a report in each format, `diffview` shows one fix,
`prompt` asks about it, `patch` gives what `git apply` takes, `summary` the last line. Importing this
package imports no rich; only what draws (`console`, `text`, `diffview`) does.
"""
