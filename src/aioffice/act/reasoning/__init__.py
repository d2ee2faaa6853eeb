"""Three-valued reasoning: facts that may be unknown, rules written once, and from them the answer, its reasons and what to ask next.

Nothing here knows the AI Act; `aioffice.act.rules` does. A value is True, False or None (not known), and the connectives are
Kleene's strong ones: what is not known stays so unless the rest decides it. So more knowledge never turns one definite value
into the other.
"""

from __future__ import annotations
