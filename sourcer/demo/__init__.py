"""An offline world of invented people: what `sourcer demo` crawls, and what the tests crawl.

Nobody in here is real. Ids lie above any that the sites have given out, and every domain is reserved for examples.
"""
