/* preview: the terms under which a file would be indexed. */
#include "preview.h"

#include "speller.h"
#include "stemmer.h"
#include "term.h"
#include "xapian_shim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PREFIX_COLUMN = 14 };

/* What is written line by line; FILE grows it. */
struct sheet {
    FILE *file;
    char *at;
    size_t size;
};

/* A term's prefix is its capitals; that of Q is one letter, whatever the id begins with. */
static size_t prefix_size(struct span term)
{
    size_t size = 0;
    if (term.at[0] == 'Q')
        return 1;
    while (size < term.size && term.at[size] >= 'A' && term.at[size] <= 'Z')
        size++;
    return size;
}

static bool prefix_same(struct span a, struct span b)
{
    return prefix_size(a) == prefix_size(b) && memcmp(a.at, b.at, prefix_size(a)) == 0;
}

static void posting_put(const struct posting *posting, const struct posting *before, FILE *file)
{
    struct span term = posting->term;
    size_t prefix = prefix_size(term);
    if (before && prefix_same(before->term, term))
        fputs("; ", file);
    else
        fprintf(file, "%s%-*.*s", before ? "\n" : "", PREFIX_COLUMN, (int)prefix, term.at);
    fwrite(term.at + prefix, 1, term.size - prefix, file);
    if (posting->wdf > 1)
        fprintf(file, "*%u", posting->wdf);
}

static void document_put(const struct index_document *document, const struct item *item, FILE *file)
{
    if (item)
        fprintf(file, "\nitem %.*s %.*s%s\n", (int)item->number.size, item->number.at, (int)item->title.size,
                item->title.at, document->closed ? " (closed)" : "");
    else
        fputs("meeting\n", file);
    for (size_t i = 0; i < document->posting_count; i++)
        posting_put(&document->postings[i], i ? &document->postings[i - 1] : NULL, file);
    fputc('\n', file);
}

static enum fault record_put(struct sample *sample, const struct index_record *record, struct span *out,
                             struct error *err)
{
    struct sheet sheet = {0};
    sheet.file = open_memstream(&sheet.at, &sheet.size);
    if (sheet.file == NULL)
        return error_set(err, FAULT_STOP, "memory", "out of memory");
    for (size_t i = 0; i < record->document_count; i++)
        document_put(&record->documents[i], i ? &sample->minutes.meeting.items[i - 1] : NULL, sheet.file);
    if (fclose(sheet.file) != 0) {
        free(sheet.at);
        return error_set(err, FAULT_STOP, "memory", "out of memory");
    }
    struct text kept = arena_copy(sample->arena, (struct span){sheet.at, sheet.size});
    free(sheet.at);
    *out = (struct span){kept.at, kept.size};
    return kept.at ? FAULT_NONE : arena_full(err);
}

static enum fault record_make(struct sample *sample, struct speller *speller, const char *path, struct span *out,
                              struct error *err)
{
    struct wordbook words = speller_wordbook(speller);
    struct term_builder *builder = term_builder_new(danish_stemmer(), &words, 0);
    struct source source = {.id = span_of(path)};
    struct index_record record;
    if (builder == NULL)
        return error_set(err, FAULT_STOP, "memory", "out of memory");
    enum fault fault = term_build(builder, sample->arena, sample->arena, &source, &sample->minutes, &record, err);
    if (fault == FAULT_NONE)
        fault = record_put(sample, &record, out, err);
    term_builder_free(&builder);
    return fault;
}

enum fault preview_terms(struct sample *sample, const char *path, struct span *out, struct error *err)
{
    struct speller *speller = NULL;
    enum fault fault = speller_open(&speller, err);
    if (fault == FAULT_NONE)
        fault = record_make(sample, speller, path, out, err);
    speller_close(&speller);
    return fault;
}
