"""What `roman` promises."""

import unittest

from roman import roman


class RomanTest(unittest.TestCase):
    def test_small_numbers_are_strokes(self) -> None:
        self.assertEqual(roman(3), "III")

    def test_four_is_one_before_five(self) -> None:
        self.assertEqual(roman(4), "IV")

    def test_nine_is_one_before_ten(self) -> None:
        self.assertEqual(roman(9), "IX")

    def test_this_century(self) -> None:
        self.assertEqual(roman(2026), "MMXXVI")

    def test_zero_was_not_known(self) -> None:
        self.assertRaises(ValueError, roman, 0)


if __name__ == "__main__":
    unittest.main()
