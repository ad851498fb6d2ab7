"""Check the last digit of a card number."""


def is_valid(number: str) -> bool:
    """Tell whether the digits of `number` (blanks allowed) pass the Luhn check."""
    digits = [int(character) for character in number if character.isdigit()]
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = digit * 2 if place % 2 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return bool(digits) and total % 10 == 0
