"""The same road as Dagster assets: thin, and the only place that knows Dagster.

Belongs here: assets, checks, jobs, the sensor, the schedule, launching. Does not belong here: any work on a letter,
which is pipeline's; a Dagster event never holds a patient's words, a file's name or a folder's.
"""
