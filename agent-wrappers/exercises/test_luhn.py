"""What `is_valid` promises."""

import unittest

from luhn import is_valid


class LuhnTest(unittest.TestCase):
    def test_a_right_number(self) -> None:
        self.assertTrue(is_valid("79927398713"))

    def test_blanks_do_not_matter(self) -> None:
        self.assertTrue(is_valid("4539 3195 0343 6467"))

    def test_one_wrong_digit(self) -> None:
        self.assertFalse(is_valid("79927398714"))

    def test_two_digits_swapped(self) -> None:
        self.assertFalse(is_valid("79927398731"))

    def test_no_digits_are_no_number(self) -> None:
        self.assertFalse(is_valid("card"))


if __name__ == "__main__":
    unittest.main()
