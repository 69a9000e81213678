"""The history of the schema of all wings, one step a file; `discovery.store.migrate` runs it."""
