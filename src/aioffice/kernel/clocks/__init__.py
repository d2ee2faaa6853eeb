"""Clocks of the office: the calendars by which time limits are computed, and the question put to them.

The computation itself is `act.clocks`, which knows no library and no file but its own; what depends on the place comes in here.
"""
