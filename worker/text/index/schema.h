/* The index schema: every prefix, slot, field and key that stands in a shard, and nothing else does.
 *
 * SCHEMA.md beside this file explains the same lists to other programs; tests/unit/test_schema.c fails when the two
 * differ. A boolean term is its prefix and its value; if the value begins with a capital A-Z or a colon, a colon
 * stands between them (Omega's rule: XPARTY:A). XDOC is the exception: its colon is part of the prefix. */
#ifndef REFERENT_SCHEMA_H
#define REFERENT_SCHEMA_H

#include "posting.h"
#include "span.h"

enum {
    SCHEMA_VERSION = 1,   /* of the layout below; a worker refuses a shard of a newer one */
    ANALYSIS_VERSION = 12 /* of stemmer, rules and normal forms; another one asks for a rebuild */
};

/* One row a line, which clang-format would not leave. */
/* clang-format off */

/* name, prefix, what the value is */
#define SCHEMA_PREFIXES(row) \
    row(UNIQUE, "Q", "`<id>#<n>`: the unique term; n = 0 is the meeting, 1, 2, … the items in reading order") \
    row(GROUP, "XDOC:", "`<id>`: joins the Xapian documents of one meeting") \
    row(TEXT, "Z", "stem of a word of the text, with positions; counts (wdf)") \
    row(TITLE, "ZS", "stem of a word of the title, with positions; counts (wdf)") \
    row(NAME, "XNAME", "exact word, lower case, of a person's name, with positions; counts (wdf)") \
    row(PART, "ZXPART", "stem of a part of a compound, or of a dictionary form; no positions; counts (wdf)") \
    row(CASE, "XCASE", "case number, normalised") \
    row(MEMBER, "XMEMBER", "elected member or substitute, folded, as the roster spells the name") \
    row(PARTY, "XPARTY", "party letters, upper case") \
    row(COMMITTEE, "XCOMMITTEE", "committee of the meeting, folded") \
    row(MUNICIPALITY, "XMUNICIPALITY", "municipality or region of the meeting, folded, without `Kommune`") \
    row(KLE, "XKLE", "KLE subject number, every prefix of it: `15`, `15.00`, `15.00.00`, `15.00.00.g01`") \
    row(LAW, "XLAW", "act, folded; also with its paragraph: `serviceloven § 83`, and the whole reference") \
    row(ORG, "XORG", "organisation, folded") \
    row(OUTCOME, "XOUTCOME", "approved, recommended, noted, discussed, postponed, rejected, referred, other, none") \
    row(SOURCE, "XSOURCE", "source (tenant) of the document, as fed") \
    row(TYPE, "XTYPE", "`meeting` or `item`") \
    row(DAY, "D", "`YYYYMMDD`: date of the meeting") \
    row(MONTH, "M", "`YYYYMM`: month of the meeting") \
    row(YEAR, "Y", "`YYYY`: year of the meeting") \
    row(AMOUNT, "XAMT", "bucket of an amount that is mentioned (see Ranges)") \
    row(MENTION, "XDAY", "bucket of a date that is mentioned (see Ranges)") \
    row(FILLER, "~", "noise (see Filler); no value of its own")

/* name, slot, what the value is */
#define SCHEMA_SLOTS(row) \
    row(DATE, 0, "date of the meeting, `YYYYMMDD`") \
    row(VERSION, 1, "version, 8 bytes, big-endian") \
    row(ID, 2, "document id; collapse on it for one hit a meeting") \
    row(CASE, 3, "the item's own case number, normalised; collapse on it for one hit a case") \
    row(AMOUNT, 4, "largest amount mentioned, in kroner, `sortable_serialise`") \
    row(COMMITTEE, 5, "facet: committee as printed") \
    row(MUNICIPALITY, 6, "facet: municipality as printed") \
    row(YEAR, 7, "facet: year of the meeting") \
    row(MEMBER, 8, "facet: members as the roster writes them") \
    row(PARTY, 9, "facet: party letters, upper case") \
    row(OUTCOME, 10, "facet: outcome") \
    row(KLE, 11, "facet: KLE main group, two digits") \
    row(DIGEST, 12, "digest of the document, 16 raw bytes; the meeting's document only")

/* name, field of the document data, what it is */
#define SCHEMA_FIELDS(row) \
    row(URL, "url", "where people read the minutes") \
    row(TITLE, "title", "title of the item; committee and date for the meeting") \
    row(ID, "id", "document id") \
    row(POSITION, "position", "n of the unique term") \
    row(ITEM, "item", "number of the item as printed; its position if unnumbered; not on the meeting") \
    row(COMMITTEE, "committee", "as printed") \
    row(MUNICIPALITY, "municipality", "as printed") \
    row(DATE, "date", "of the meeting, `YYYY-MM-DD`") \
    row(CASE, "case", "the item's own case number, as printed") \
    row(KLE, "kle", "the item's own KLE number, as printed") \
    row(OUTCOME, "outcome", "of the item") \
    row(FOR, "for", "who voted for it: party letters as printed, or a name; a line each, as the next two") \
    row(AGAINST, "against", "who voted against it") \
    row(ABSTAIN, "abstain", "who did not vote for either") \
    row(START, "start", "first byte of the item in the body") \
    row(END, "end", "byte behind the item in the body") \
    row(VEIL, "veil", "`<start> <bytes>`: bytes of the body outside closed items that the open body shows as spaces, " \
        "because they name a closed item; on the first closed item") \
    row(SAMPLE, "sample", "how the text begins, white space folded, at most 300 bytes") \
    row(MEMBER, "member", "on the roster of the meeting: name, and ` (A)` behind it where party letters are printed") \
    row(PRESENT, "present", "name of a member who was there, substitutes too; a line each") \
    row(ABSENT, "absent", "name of a member who was not") \
    row(SUBSTITUTE, "substitute", "name of a member who stood in for another") \
    row(TYPE, "type", "media type as fed; the meeting's document only, as what follows") \
    row(VERSION, "version", "decimal") \
    row(SOURCE, "source", "as fed") \
    row(GIVEN, "given", "the meeting came in parts: `parts` and the names of the fields above that were given, with " \
        "spaces between; on an item, those of its own") \
    row(META, "meta", "`key=value`, one line a pair of the feeder's metadata; `\\n` `\\\\` `\\e` for LF, `\\`, `=`") \
    row(BODY, "body", "zstd frames of the body, byte 10 written ESC 1, byte 27 ESC 2; on the meeting, and " \
        "the item's part on a closed item") \
    row(FILLER, "filler", "noise (see Filler)")

/* name, key of the database metadata, what its value is */
#define SCHEMA_KEYS(row) \
    row(SCHEMA, "schema", "schema version, decimal") \
    row(ANALYSIS, "analysis", "analysis version, decimal") \
    row(SHARDS, "shards", "number of shards of the index, decimal") \
    row(SHARD, "shard", "number of this shard, decimal") \
    row(LINEAGE, "lineage", "16 random bytes as 32 hexadecimal digits; another one after promotion or restore") \
    row(SEQUENCE, "sequence", "commit sequence, decimal") \
    row(DELETED, "deleted:", "followed by `<id>`: tombstone; value `<version> <unix ms>`, decimal")

/* clang-format on */

#define SCHEMA_PREFIX_NAME(name, prefix, note) PREFIX_##name,
enum schema_prefix { SCHEMA_PREFIXES(SCHEMA_PREFIX_NAME) SCHEMA_PREFIX_COUNT };
#define SCHEMA_SLOT_NAME(name, slot, note) SLOT_##name = (slot),
enum schema_slot { SCHEMA_SLOTS(SCHEMA_SLOT_NAME) };
#define SCHEMA_FIELD_NAME(name, field, note) FIELD_##name,
enum schema_field { SCHEMA_FIELDS(SCHEMA_FIELD_NAME) SCHEMA_FIELD_COUNT };
#define SCHEMA_KEY_NAME(name, key, note) KEY_##name,
enum schema_key { SCHEMA_KEYS(SCHEMA_KEY_NAME) SCHEMA_KEY_COUNT };

/* The prefix as it stands in a term, such as "XCASE". A NUL stands behind at[size], as in the two below. */
static inline struct span schema_prefix(enum schema_prefix prefix)
{
#define SCHEMA_SPAN(name, string, note) {string, sizeof(string) - 1},
    static const struct span prefixes[] = {SCHEMA_PREFIXES(SCHEMA_SPAN)};
    return prefixes[prefix];
}

/* The name of a field of the document data, such as "title". */
static inline struct span schema_field(enum schema_field field)
{
    static const struct span fields[] = {SCHEMA_FIELDS(SCHEMA_SPAN)};
    return fields[field];
}

/* The key of a metadata entry, such as "lineage". */
static inline struct span schema_key(enum schema_key key)
{
    static const struct span keys[] = {SCHEMA_KEYS(SCHEMA_SPAN)};
    return keys[key];
}

/* Several values of one facet are joined by this byte (unit separator). */
#define FACET_SEPARATOR '\x1f'

enum {
    DOCUMENT_ID_MAX_BYTES = 200,
    FACET_MAX_BYTES = 4096, /* further values of a facet fall off: a value is read for every hit that is counted */
    SAMPLE_MAX_BYTES = 300,
    FIELD_GAP = 100 /* positions between two stretches of text, so that no phrase spans them; as Omega leaves */
};

#endif
