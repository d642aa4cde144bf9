"""Spans (OpenTelemetry): one trace from a request through ledger, relay, Kafka and worker to the alert."""
