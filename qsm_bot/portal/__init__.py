"""The seller portal, driven by a browser: pages, grid, dialogs, request fuse, selector pack."""
