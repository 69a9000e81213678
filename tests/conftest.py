"""What all tests share."""

from hypothesis import settings

# Two workers share the cores: how long an example takes says nothing.
settings.register_profile("house", deadline=None)
settings.register_profile("mutants", deadline=None, max_examples=20, derandomize=True, database=None)  # for `make mutants`
settings.load_profile("house")
