"""What tells how the office is doing: figures for whoever runs it, the state that the public may see, announcements, faults of jobs.

Figures that move with filings (queues, notices, documents) are for operators alone: they would tell when something is filed in the
secure section (Article 49(4)). What the public sees moves by the minute hand alone.
"""
