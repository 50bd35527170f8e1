"""What people and programs are shown: tables, JSON documents, and the report of a run."""
