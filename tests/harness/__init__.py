"""The contract put to a target: document, clauses, target, client, oracle, ledger, verdict."""
