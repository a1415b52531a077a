"""What the server is measured by: `make bench`, or `python -m benchmarks NAME` for one part."""
