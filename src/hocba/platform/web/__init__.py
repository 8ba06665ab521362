"""What every page shares: base template, components, error pages, headers, logs."""
