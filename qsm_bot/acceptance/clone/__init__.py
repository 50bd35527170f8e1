"""The clone that is judged: its pages in the browser, its outgoing requests, its test data."""
