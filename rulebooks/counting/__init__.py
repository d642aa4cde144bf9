"""How rules count across cases: what each contributes, by calendar period or in a rolling window."""
