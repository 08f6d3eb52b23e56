"""投诉报修: complaints and repairs from the call to the closed case."""
