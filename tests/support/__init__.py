"""What tests share: stories, runs of the command and of the hosts, estates, reports, accounts."""
