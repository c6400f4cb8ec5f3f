"""What a single value may be, in a file and in a request alike."""

LARGEST = 1e15  # beyond it a float64 loses whole units; a real amount or count never gets there
MISSING_WORDS = ("#N/A", "N/A", "null", "NULL", "NaN", "nan")  # what programs write where nothing is known
