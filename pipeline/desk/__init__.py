"""The examiner's desk: where people work the queues in a browser.

Belongs here: pages, keys, log-in, what people do to a letter. Does not belong here: judging letters (the rooms), or
keeping what was done (ledger). The desk never approves or denies: it writes down what a person decided.
"""
