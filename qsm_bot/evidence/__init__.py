"""Where the seller's own facts about an order come from: CSV and Excel files, and more to come."""
