"""The keys that somebody wants of JSON objects, as a tree in arrays that compiled loops walk down.

A path `a.b` may be written flat, as one key of the whole object, or nested: it has an edge for either, and both lead to the same slot.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from discovery.compiled import compiled, inlined
from discovery.framing import KEEP, Bytes, Flags, Offsets, Words, words_at
from discovery.jsontokens import unescaped

_WORD = 8
_NONE = -1


class Keys(NamedTuple):
    """Edges, those below one node together, the shorter keys first.

    Attributes:
        letters: the keys without anything between, as the word that begins at each byte.
        places: where the key of each edge begins.
        nodes: the node below each edge, negative: none.
        slots: the slot of the path that ends with each edge, negative: none does.
        flat: whether a value counts before one that stands nested.
        first: the first edge of each length of key, for each node; one more for where the last ends.
        longest: length of the longest key.
    """

    letters: Words
    places: Offsets
    nodes: Offsets
    slots: Offsets
    flat: Flags
    first: Offsets
    longest: int


def keys_of(paths: Sequence[str]) -> Keys:
    """The tree of some different paths, whose slots are their places among these."""
    nodes: dict[tuple[str, ...], int] = {(): 0}
    slots: dict[tuple[tuple[str, ...], str], int] = {}
    for slot, path in enumerate(paths):
        way = tuple(path.split("."))
        for depth in range(1, len(way)):
            nodes.setdefault(way[:depth], len(nodes))
        slots[way[:-1], way[-1]] = slots[(), path] = slot
    edges = {(nodes[way[:-1]], way[-1].encode()): (nodes[way], _NONE) for way in nodes if way}
    for (way, key), slot in slots.items():
        edges[nodes[way], key.encode()] = (nodes.get((*way, key), _NONE), slot)
    return _arrays(edges)


def _arrays(edges: dict[tuple[int, bytes], tuple[int, int]]) -> Keys:
    order = sorted(edges, key=lambda edge: (edge[0], len(edge[1])))
    lengths = np.array([len(key) for _, key in order], np.int64)
    longest = int(lengths.max(initial=0))
    ranks = np.array([node for node, _ in order], np.int64) * (longest + 1) + lengths
    nodes, slots = np.array([edges[edge] for edge in order], np.int64).reshape(-1, 2).T
    return Keys(
        letters=words_at(np.frombuffer(b"".join(key for _, key in order) + bytes(2 * _WORD), np.uint8)),
        places=np.cumsum(lengths) - lengths,
        nodes=np.ascontiguousarray(nodes),
        slots=np.ascontiguousarray(slots),
        flat=np.array([b"." in key for _, key in order], np.bool_),
        first=np.searchsorted(ranks, np.arange((longest + 1) * (1 + int(nodes.max(initial=0))) + 1)),
        longest=longest,
    )


@inlined
def edge_of(words: Words, begin: int, length: int, keys: Keys, node: int) -> int:
    """The edge of a key below a node, negative where nobody wants it."""
    if length > keys.longest:
        return -1
    rank = node * (keys.longest + 1) + length
    for edge in range(keys.first[rank], keys.first[rank + 1]):
        place, at = keys.places[edge], 0
        while at < length and not (words[begin + at] ^ keys.letters[place + at]) & KEEP[min(length - at, 8)]:
            at += 8
        if at >= length:
            return int(edge)
    return -1


@compiled
def edge_of_escaped(buffer: Bytes, begin: int, end: int, plain: Bytes, plain_words: Words, keys: Keys, node: int) -> int:
    """The edge of a key with escapes, for which there is room in `plain`."""
    return int(edge_of(plain_words, 0, unescaped(buffer, begin, end, plain), keys, node))
