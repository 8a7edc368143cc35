"""What does a live AWS account answer? What is asked, how, and what came back."""
