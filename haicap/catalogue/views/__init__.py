"""Pages of regimes: the list, one regime, two versions, the editor."""
