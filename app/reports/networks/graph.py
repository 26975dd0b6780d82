"""A graph as graph tools draw it: the node-link form of JSON, and GraphML."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID
from xml.etree.ElementTree import Element, SubElement, tostring

MEDIA_TYPE = "application/graphml+xml"

_XML_TYPES = {bool: "boolean", int: "int"}
_WORTH = "worth"


@dataclass(slots=True)
class Graph:
    """Nodes by id, and directed edges by their ends and key, so that two of the same ends may stand side by side."""

    nodes: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    edges: dict[tuple[UUID, UUID, str], dict[str, Any]] = field(default_factory=dict)
    about: dict[str, Any] = field(default_factory=dict)

    def node_link(self) -> dict[str, Any]:
        """The form that networkx, D3 and Cytoscape read."""
        return {
            "directed": True,
            "multigraph": True,
            "graph": self.about,
            "nodes": [{"id": key, **told} for key, told in self.nodes.items()],
            "edges": [{"source": source, "target": target, "key": key, **told} for (source, target, key), told in self.edges.items()],
        }

    def graphml(self) -> bytes:
        """GraphML (graphml.graphdrawing.org), which Gephi, yEd, Cytoscape and networkx open; what is not known is left out."""
        root = Element("graphml", xmlns="http://graphml.graphdrawing.org/xmlns")
        keys = _declared(root, {"graph": [self.about], "node": [*self.nodes.values()], "edge": [*self.edges.values()]})
        drawn = SubElement(root, "graph", id="network", edgedefault="directed")
        _described(drawn, self.about, keys["graph"])
        for node, told in self.nodes.items():
            _described(SubElement(drawn, "node", id=str(node)), told, keys["node"])
        for (source, target, key), told in self.edges.items():
            ends = {"id": f"{source}/{key}/{target}", "source": str(source), "target": str(target)}
            _described(SubElement(drawn, "edge", ends), told, keys["edge"])
        written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
        return written


def _declared(root: Element, told: Mapping[str, list[dict[str, Any]]]) -> dict[str, dict[str, str]]:
    """Declare every attribute with its type; its id, by what it is told of and by name."""
    keys: dict[str, dict[str, str]] = {}
    for of, attributes in told.items():
        types = {name: _type_of(name, value) for each in attributes for name, value in each.items() if value is not None}
        keys[of] = {name: f"{of}_{name}" for name in types}
        for name, kind in types.items():
            SubElement(root, "key", {"id": keys[of][name], "for": of, "attr.name": name, "attr.type": kind})
    return keys


def _type_of(name: str, value: Any) -> str:
    """Worth is a number, so that tools can draw an edge as thick as that."""
    return "double" if name == _WORTH else _XML_TYPES.get(type(value), "string")


def _described(element: Element, told: dict[str, Any], keys: dict[str, str]) -> None:
    for name, value in told.items():
        if value is not None:
            SubElement(element, "data", key=keys[name]).text = str(value).lower() if isinstance(value, bool) else str(value)
