"""The embedded, conforming server of the operation, with its faults and its lawful dialects."""
