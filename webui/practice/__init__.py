"""What somebody who looks after many firms works with: how all of them stand, what is handed to all of them, and their reviews."""
