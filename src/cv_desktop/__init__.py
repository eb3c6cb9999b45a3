"""CV Desktop: grants to associations of a contrat de ville, from the file to the letter."""

__version__ = "0.1.0"
