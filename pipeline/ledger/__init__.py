"""What happened to each file: append-only events, letters, findings, letters on file."""
