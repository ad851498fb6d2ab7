"""Join time intervals that overlap or touch."""

Interval = tuple[int, int]


def joined(intervals: list[Interval]) -> list[Interval]:
    """Return the fewest intervals that cover the same minutes, in order."""
    result: list[Interval] = []
    for start, end in sorted(intervals):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], end))
        else:
            result.append((start, end))
    return result
