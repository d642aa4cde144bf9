"""From the ledger to Kafka: each fact once in order, a standby ready to go on, repeats recognisable."""
