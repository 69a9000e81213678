"""OBSERVE: from log lines to usage. Knows no web and makes no judgement."""
