"""What `Shelf` promises."""

import unittest

from shelf import Shelf


class ShelfTest(unittest.TestCase):
    def test_what_was_put_is_there(self) -> None:
        shelf = Shelf(2)
        shelf.put("a", 1)
        self.assertEqual(shelf.get("a"), 1)

    def test_what_was_not_put_is_not(self) -> None:
        self.assertIsNone(Shelf(2).get("a"))

    def test_the_oldest_goes_first(self) -> None:
        shelf = Shelf(2)
        for value, name in enumerate("abc"):
            shelf.put(name, value)
        self.assertIsNone(shelf.get("a"))

    def test_what_was_read_stays(self) -> None:
        shelf = Shelf(2)
        shelf.put("a", 1)
        shelf.put("b", 2)
        shelf.get("a")
        shelf.put("c", 3)
        self.assertEqual(shelf.get("a"), 1)

    def test_a_second_put_replaces_the_first(self) -> None:
        shelf = Shelf(2)
        shelf.put("a", 1)
        shelf.put("a", 2)
        self.assertEqual(shelf.get("a"), 2)


if __name__ == "__main__":
    unittest.main()
