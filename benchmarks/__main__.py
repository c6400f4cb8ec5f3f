"""Runs every benchmark and prints its table."""

from rich.console import Console
from rich.table import Table

from benchmarks import reasons


def main() -> None:
    """Measure and print; ratios are against leadsift."""
    seconds = reasons.measure()
    ours = seconds["leadsift, all exact reasons"]
    table = Table(title=f"Scoring {reasons.LEADS:,} leads, {reasons.ROUNDS} trees, one thread, median of 5 runs")
    table.add_column("way")
    table.add_column("seconds", justify="right")
    table.add_column("ratio", justify="right")
    for name, each in seconds.items():
        table.add_row(name, f"{each:.2f}", f"{each / ours:.1f}")
    Console().print(table)


if __name__ == "__main__":
    main()
