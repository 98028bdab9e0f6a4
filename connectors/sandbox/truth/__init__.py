"""What a correct warehouse must come to: the business's own account of itself as of any clock.

Nothing here, and no platform's truth, uses what adds up, renders or filters for the wire: the two
can be held against each other.
"""
