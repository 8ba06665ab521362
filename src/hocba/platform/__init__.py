"""Django plumbing that knows no domain: accounts, audit, files, messages, jobs, web."""
