"""Write whole numbers the Roman way."""

STEPS = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
    (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip


def roman(number: int) -> str:
    """Return `number` (1 to 3999) in Roman digits."""
    if not 1 <= number <= 3999:
        raise ValueError(number)
    text = ""
    for value, digits in STEPS:
        while number >= value:
            text, number = text + digits, number - value
    return text
