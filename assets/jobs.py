"""The two jobs: one batch from inbox to queues, and all letters anew.

Belongs here: which assets run together. Does not belong here: when (inbox.py), from where (launch.py).
"""

import dagster as dg

from assets.stages import STAGES, WHOLE

process_batch = dg.define_asset_job(
    "process_batch", selection=dg.AssetSelection.assets(*STAGES, *WHOLE), executor_def=dg.in_process_executor,
    description="One intake batch from received files to the queues; the earlier letters are brought up to date first.",
)  # fmt: skip
republish_queues = dg.define_asset_job(
    "republish_queues", selection=dg.AssetSelection.assets(*WHOLE), executor_def=dg.in_process_executor,
    description="Every letter judged under today's records and rules, and the queues written anew.",
)  # fmt: skip
