"""Which edits of the sources fix a finding? They are made, proved on a copy, and then written."""
