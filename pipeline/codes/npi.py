"""The National Provider Identifier's check digit.

Belongs here: the arithmetic. Does not belong here: whose number it is. Source: CMS, NPI Standard: ten digits, the
first 1 or 2, the last a Luhn check digit over "80840" and the number.
"""


def npi_is_valid(number: str) -> bool:
    """Whether ten digits pass the check; anything else does not."""
    if len(number) != 10 or not number.isdigit() or number[0] not in "12":
        return False
    total = 0
    for place, digit in enumerate(reversed("80840" + number)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
