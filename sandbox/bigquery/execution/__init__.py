"""Statements that have passed the gate are carried out here."""
