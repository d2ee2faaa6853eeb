"""Rules turned into straight-line Python, for whoever asks them of many: the same answers and the same reasons as `evaluating`.

A rule is interpreted part by part in `evaluating`, which is plain and starts at once. Here a whole set of expressions becomes the
source of one function, compiled once: each distinct expression is worked out once, in a local variable, and each reason is built where
it is needed. It pays from some fifty answers on (`often`). The source is made of our own rules alone: no fact and no text from outside
is in it.

`wanted` says what an answer consists of, `making` compiles it; `nodes`, `values` and `reasons` write the source. Whatever an expression
can be, the compiler knows: a new kind of answer needs a description of its parts (see `aioffice.act.duties`), and nothing here.
"""

from __future__ import annotations
