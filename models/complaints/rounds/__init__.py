"""日常巡查: what is looked at in the buildings, what was found, and the repair orders that come of it."""
