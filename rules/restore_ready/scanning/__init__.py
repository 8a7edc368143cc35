"""What is there to judge, and how does it stand? Finds sources, reads them and judges them."""
