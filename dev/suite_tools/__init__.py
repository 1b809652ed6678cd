"""Developer tooling of the suite: provisioning, databases, tests, checks."""
