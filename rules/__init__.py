"""JUDGE: what the observations mean. Plain functions; every number comes with its reason in words."""
