"""GitHub without credentials: over REST alone, within 60 requests an hour.

What it gives is the same evidence as over GraphQL, as far as REST tells it at that price.
"""
