"""Layouts that formats of several products share: devices with the same engine inside write the same lines."""
