"""The sixteen pairs of grades."""

from serving.model.grades import ENGAGEMENT_GRADES, FIT_GRADES, SEGMENTS, UPPER_HALF, Segment

CELLS = tuple((fit, engagement) for fit in FIT_GRADES for engagement in ENGAGEMENT_GRADES)


def segment_of(fit_grade: str, engagement_grade: str) -> Segment:
    """Give the segment that a pair of grades belongs to.

    >>> segment_of("B", "1").value, segment_of("B", "3").value, segment_of("D", "4").value
    ('golden', 'nurture', 'park')
    """
    is_low_fit = FIT_GRADES.index(fit_grade) >= UPPER_HALF
    is_low_engagement = ENGAGEMENT_GRADES.index(engagement_grade) >= UPPER_HALF
    return SEGMENTS[2 * is_low_fit + is_low_engagement]
