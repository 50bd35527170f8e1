"""What every room stands on: errors, words, clock, files, locks; nothing about orders."""
