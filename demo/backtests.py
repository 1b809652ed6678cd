"""Two back-tests side by side: the signals as they are, and an earlier warning."""


def load(story):
    """Judge the last day whose outcome is known, then again with lower limits."""
    tests = story.env["crm.churn.backtest"]
    today = tests.create({"name": "Signals as they are"})
    today.action_run()
    earlier = today.copy({"name": "Warn earlier"})
    for line in earlier.signal_ids:
        if line.signal_id.source == "silence":
            line.write({"limit_from": 30, "limit_full": 90, "weight": 40})
        elif line.signal_id.source == "rhythm":
            line.limit_from = 1
    earlier.action_run()
