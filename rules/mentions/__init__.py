"""Where somebody is named in what people wrote: decisions, notes, items of the roadmap."""
