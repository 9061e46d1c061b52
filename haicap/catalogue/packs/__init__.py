"""Packs: definitions as reviewed text files, read whole or not at all."""

from haicap.catalogue.packs.figures import DeclaredFigure, published
from haicap.catalogue.packs.problems import Problem
from haicap.catalogue.packs.reading import read

__all__ = ["DeclaredFigure", "Problem", "published", "read"]
