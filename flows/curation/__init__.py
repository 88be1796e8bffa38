"""The parts of curation: reading files as text, checking records against the contract, describing what is refused."""
