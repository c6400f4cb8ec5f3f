"""The pages over HTTP: each route asks for one report and shows it; the same reports as JSON and CSV."""
