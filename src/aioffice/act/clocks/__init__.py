"""Computing time limits by Regulation (EEC, Euratom) No 1182/71: what ends when, and why. `deadline` is the way in.

`counting` finds the end of a period; `deadlines` applies a time limit of the Act to an event under the settings of law in `law`;
`changing` suspends, resumes, extends; `wording` puts the steps of a computation into words.
"""
