"""Learning dynamics trained for real, from the weights that are shipped: nobody rebuilds the base for this."""
