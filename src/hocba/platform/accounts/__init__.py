"""Who is at work: users, memberships, roles, and the check in front of every address."""
