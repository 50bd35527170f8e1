"""A mock of the seller portal: rules, journal and an HTTP server on the loopback address."""
