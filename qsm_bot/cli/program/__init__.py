"""What every command shares: options, outputs, language, streams, usage errors."""
