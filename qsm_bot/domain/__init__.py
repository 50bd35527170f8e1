"""What the program is about: requests, evidence, plans, duties. Values and rules, no effects."""
