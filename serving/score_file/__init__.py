"""Scoring a file of leads, part by part, and what came out of it."""

from serving.score_file.parts import ScoreParts, score_part
from serving.score_file.score import score_file
from serving.score_file.scored import ScoredFile, render_scored

__all__ = ["ScoreParts", "ScoredFile", "render_scored", "score_file", "score_part"]
