"""Doubles and judges for tests, shipped with the program and tested themselves."""
