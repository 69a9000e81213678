"""Lists of devices of any origin: leases and clients as consoles export them, ARP and neighbour tables, what a command prints (see `listed`)."""

from discovery.leases.base import LeaseFormat
from discovery.leases.listed import carrier

FORMAT = LeaseFormat(id="device-list", title="List of devices: leases, clients or ARP table", carriers=(carrier(),), generic=True)
