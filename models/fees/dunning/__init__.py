"""催缴: the ladder from a reminder to the lawyer, its letters, their delivery, and what holds it up."""
