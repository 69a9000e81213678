"""How many changed lines of judgement the tests would notice."""
