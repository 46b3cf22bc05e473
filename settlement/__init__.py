"""From what a sale stands for now to rows in the ledger."""
