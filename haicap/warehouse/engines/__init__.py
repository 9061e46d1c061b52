"""What answers questions: DuckDB in this process (the default), or a Spark cluster over the lake.

A question is one Ibis expression (queries/); `dialects` puts it into the SQL of an engine. See docs/adr/0030.
"""
