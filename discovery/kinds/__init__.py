"""The few ways in which a line holds fields. A format names one; none knows a vendor."""
