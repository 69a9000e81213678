"""Packet captures: packets out of a file, layers off a packet, names out of what is left. Streaming, bounded, and never surprised."""
