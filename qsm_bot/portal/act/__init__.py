"""The act: pressing the button under the request fuse, and looking an order up afterwards."""
