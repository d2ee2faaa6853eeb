"""Clocks of the office: the calendars by which time limits are computed, the question put to them, and the clocks that run in cases.

`declaring` is how procedures name them, `running` what steps do to them, `settling` what silence brings about, `sweeping` the job.

The computation itself is `act.clocks`, which knows no library and no file but its own; what depends on the place comes in here.
"""
