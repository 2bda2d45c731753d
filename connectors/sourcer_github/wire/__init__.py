"""The shapes of GitHub's answers that the connector reads."""
