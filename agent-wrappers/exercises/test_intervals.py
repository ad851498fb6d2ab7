"""What `joined` promises."""

import unittest

from intervals import joined


class JoinedTest(unittest.TestCase):
    def test_nothing_stays_nothing(self) -> None:
        self.assertEqual(joined([]), [])

    def test_distant_intervals_stay_apart(self) -> None:
        self.assertEqual(joined([(5, 6), (1, 2)]), [(1, 2), (5, 6)])

    def test_touching_intervals_become_one(self) -> None:
        self.assertEqual(joined([(1, 3), (3, 5)]), [(1, 5)])

    def test_an_inner_interval_disappears(self) -> None:
        self.assertEqual(joined([(1, 9), (2, 3)]), [(1, 9)])

    def test_a_chain_becomes_one(self) -> None:
        self.assertEqual(joined([(1, 4), (3, 6), (5, 8)]), [(1, 8)])


if __name__ == "__main__":
    unittest.main()
