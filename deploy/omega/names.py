"""names.py DATABASE: how minutes print the names of committees and municipalities, as a map for Omega's templates.

Terms hold folded names (worker/text/index/SCHEMA.md); a document that has the term prints it in the slot of its facet."""
import sys

import xapian

FACETS = (("XCOMMITTEE", 5), ("XMUNICIPALITY", 6))
QUOTED = str.maketrans({"$": "$$", "{": "$(", "}": "$)", ",": "$."})

database = xapian.Database(sys.argv[1])
for prefix, slot in FACETS:
    for term in database.allterms(prefix):
        printed = next(database.postlist(term.term)).docid
        value = database.get_document(printed).get_value(slot).decode(errors="replace")
        print(f"$setmap{{printed,{term.term.decode(errors='replace').translate(QUOTED)},{value.translate(QUOTED)}}}")
