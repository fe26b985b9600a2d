"""Chiffrier reads French prose and gives back its financial figures as a tidy table."""

__version__ = "0.1.0"
