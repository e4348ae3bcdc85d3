"""What the library stores, takes in and gives out."""
