"""The portal's pages: their elements, the list, the order's details, pictures of them."""
