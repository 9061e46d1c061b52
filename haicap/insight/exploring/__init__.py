"""Free questions: figures × units × periods × split, answered as far as the count grammar allows."""
