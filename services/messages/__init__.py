"""What goes over Kafka: facts as CloudEvents, and the partition of each district."""
