"""What all tests share."""

from hypothesis import settings

# Two workers share the cores: how long an example takes says nothing.
settings.register_profile("house", deadline=None)
settings.load_profile("house")
