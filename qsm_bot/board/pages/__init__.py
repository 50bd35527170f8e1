"""The pages: one module for each screen; a page reads, and its forms start commands."""
