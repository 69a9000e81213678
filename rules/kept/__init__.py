"""What a firm keeps of its own beside the register: changed weights, and the items of its roadmap."""
