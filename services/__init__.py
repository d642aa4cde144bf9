"""What touches clocks, files and sockets: recording, judging at work, views, HTTP, Kafka, proof, commands, settings."""
