"""The explorer: figures × units × periods × split, asked by an address that can be shared."""
