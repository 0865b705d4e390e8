"""What is run against a target: one module for each chapter of the clause ledger.

A test puts a clause and judges nothing: it sends requests, and the oracle knows from the bytes of
each what the contract says about it.
"""
