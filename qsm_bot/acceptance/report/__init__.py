"""What was judged, beside an earlier run: verdicts, documents, page, tables, files."""
