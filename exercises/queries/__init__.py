"""What a screen, an export or a reminder needs, for a viewer, in a constant number of queries.

What the viewer may not see is left out here, where it is read, and not hidden in a template.
"""
