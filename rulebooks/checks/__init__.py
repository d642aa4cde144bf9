"""What a rulebook must satisfy beyond compiling: lint, cases, mutations."""
