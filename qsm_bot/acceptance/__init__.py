"""The acceptance kit: what the manual says of the refusal procedure, judged at a clone's pages."""
