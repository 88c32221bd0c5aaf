/* Deliberate mistakes, for the tests that must see them: each MISTAKE(NAME) is 0 in the product and compiles to
 * nothing. A test library is built with REFERENT_BULK_MISTAKES; there MISTAKE(NAME) is 1 while bulk_mistake is that
 * one, and tests/bulk/test_mistake.c makes all of them one at a time. */
#ifndef REFERENT_BULK_MISTAKE_H
#define REFERENT_BULK_MISTAKE_H

#ifdef REFERENT_BULK_MISTAKES

// clang-format off
#define BULK_MISTAKES(X)                                                                                               \
    X(SORT_UINT, "document ids from 0x8000 on are not spelled in order")                                               \
    X(ZERO_BYTE, "a zero byte in a term is not escaped")                                                               \
    X(FREE_BYTES, "a block tells a wrong free space")                                                                  \
    X(BLOCK_REVISION, "a block is newer than the database")                                                            \
    X(COMPONENT_NUMBER, "components of a long tag count wrong")                                                        \
    X(NULL_ITEM, "the empty item at the head of a table is missing")                                                   \
    X(SEPARATOR, "a separator is a byte too short")                                                                    \
    X(COMPRESSED_FLAG, "a compressed tag is not marked")                                                               \
    X(INFLATE_GUARD, "a compressed tag can end where stock believes that it is cut off")                               \
    X(STORED_SIZE, "a stored block tells a wrong size")                                                                \
    X(DEFLATE_END, "a compressed tag lacks its last byte")                                                             \
    X(TABLE_ENTRIES, "a table counts one entry too many")                                                              \
    X(FREE_LIST, "a block that nobody uses is counted")                                                                \
    X(LAST_DOCID, "the last document id is one too high")                                                              \
    X(SHORTEST, "the shortest document is one longer")                                                                 \
    X(TOTAL_LENGTH, "the total length is one more")                                                                    \
    X(POSITION_MIDDLE, "the short codes of positions start at 0")                                                      \
    X(TERMLIST_WDF, "a large wdf in a term list is one more")                                                          \
    X(TERMLIST_COUNT, "a term list counts a term too many")                                                            \
    X(SLOT_GAP, "gaps between the slots of a document are not less one")                                               \
    X(VALUE_UPPER, "the upper bound of a slot stays at its first value")                                               \
    X(VALUE_COUNT, "a slot counts a document too many")                                                                \
    X(CHUNK_LAST, "the last chunk of a list is not marked, the others are")                                            \
    X(CHUNK_RANGE, "a chunk reaches a document further")                                                               \
    X(TERM_FREQUENCY, "a term counts a document too many")                                                             \
    X(DOCUMENT_LENGTH, "one document in the list of lengths is longer")                                                \
    X(POSITION_COUNT, "a long list of positions counts one too many")                                                  \
    X(WDF_WIDE, "a wdf beyond 30 bits is one less")                                                                    \
    X(SINGLE_POSITION, "the only position of a term is one higher")                                                    \
    X(SHORT_DATA, "data of one byte is lost")                                                                          \
    X(METADATA_OLD, "the first value of a metadata key counts, not the last")                                          \
    X(VALUE_GAP, "a document far along a slot is one further")                                                         \
    X(POSTING_GAP, "a document far from the last one is one further")                                                  \
    X(COLLECTION_FREQUENCY, "a collection frequency is one more")                                                      \
    X(CHUNK_KEY, "a chunk is filed under the document before its first")                                               \
    X(TERM_ORDER, "terms are in order by eight bytes only")                                                            \
    X(HASH_TRUST, "terms of one slot and size are taken for one")                                                      \
    X(KNOWN_NUMBER, "a term that comes again by its number is another one")                                            \
    X(RUN_DOCUMENT, "documents of a second run are one further")                                                       \
    X(RUN_COLLECTION, "a collection frequency is that of the first run")                                               \
    X(LONGEST, "the longest document is one longer")                                                                   \
    X(GREATEST_WDF, "the greatest wdf is one less")                                                                    \
    X(BLOCK_LEVEL, "a branch block stands one level too high")                                                         \
    X(TERMLIST_SHARED, "a term with a large wdf shares a byte less with the one before")
// clang-format on

enum mistake {
    MISTAKE_NONE,
#define X(name, what) MISTAKE_##name,
    BULK_MISTAKES(X)
#undef X
        MISTAKES
};
extern enum mistake bulk_mistake;
extern const char *const mistake_texts[MISTAKES];
#define MISTAKE(name) (bulk_mistake == MISTAKE_##name)

#else
#define MISTAKE(name) 0
#endif

#endif
