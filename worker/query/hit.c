/* hit: document data -> the fields of a hit. On a search thread. */
#include "hit.h"

#include "record.h"
#include "snippet.h"

#include <stdlib.h>

enum { SNIPPET_DEFAULT = 240, SNIPPET_MAX = 2000 };

struct filling {
    struct asking *asking;
    struct view *view;
    const struct question *question;
    struct search_result *result;
    struct text_source *source;
    const struct segment *segments; /* that are open; none, if one is not on this machine */
    size_t segment_count;
};

static enum fault copy(struct filling *filling, struct span value, char **out)
{
    struct text made = arena_copy(filling->asking->arena, value);
    *out = (char *)made.at;
    return made.at ? FAULT_NONE : arena_full(filling->asking->err);
}

static struct label label_of(struct span data)
{
    struct span position = data_field(data, FIELD_POSITION);
    return (struct label){data_field(data, FIELD_ID), position.size > 0 ? (uint32_t)strtoul(position.at, NULL, 10) : 0};
}

/* What the hit is called, from the labels that are kept or from its record. */
static enum fault label_read(struct filling *filling, size_t index, struct search_hit *found, struct label *out)
{
    struct asking *asking = filling->asking;
    struct labels *labels = view_labels(filling->view);
    TRY(search_result_place(filling->result, index, found, asking->err));
    const struct segment *segment =
        labels != NULL && found->segment < filling->segment_count ? &filling->segments[found->segment] : NULL;
    if (segment != NULL && labels_find(labels, segment, found->own, asking->arena, out))
        return FAULT_NONE;
    TRY(search_result_hit(filling->result, index, asking->arena, found, asking->err));
    *out = label_of(found->data);
    if (segment != NULL)
        labels_keep(labels, segment, found->own, *out);
    return FAULT_NONE;
}

/* All that there is of it, or what it is called alone. */
static enum fault found_read(struct filling *filling, size_t index, struct search_hit *found, struct label *label)
{
    if (filling->question->request->ids_only)
        return label_read(filling, index, found, label);
    TRY(search_result_hit(filling->result, index, filling->asking->arena, found, filling->asking->err));
    *label = label_of(found->data);
    return FAULT_NONE;
}

static enum fault fields_fill(struct filling *filling, struct span data, Referent__V1__Hit *hit)
{
    const struct {
        enum schema_field field;
        char **out;
    } fields[] = {{FIELD_ITEM, &hit->item},
                  {FIELD_TITLE, &hit->title},
                  {FIELD_COMMITTEE, &hit->committee},
                  {FIELD_MUNICIPALITY, &hit->municipality},
                  {FIELD_DATE, &hit->date},
                  {FIELD_URL, &hit->url},
                  {FIELD_CASE, &hit->case_number},
                  {FIELD_OUTCOME, &hit->outcome},
                  {FIELD_KLE, &hit->kle}};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        TRY(copy(filling, data_field(data, fields[i].field), fields[i].out));
    return FAULT_NONE;
}

static enum fault snippet_fill(struct filling *filling, const struct search_hit *found, Referent__V1__Hit *hit)
{
    struct asking *asking = filling->asking;
    uint32_t asked = filling->question->request->snippet_bytes;
    size_t bytes = asked == 0 ? SNIPPET_DEFAULT : asked < SNIPPET_MAX ? asked : SNIPPET_MAX;
    struct span text, snippet;
    TRY(text_of(filling->source, found->part, found->docid, found->data, &text, asking->err));
    TRY(snippet_make(asking->arena, asking->language, &filling->question->composed.marks, text, bytes, &snippet,
                     asking->err));
    return copy(filling, snippet, &hit->snippet);
}

static enum fault weights_fill(struct filling *filling, size_t index, Referent__V1__Hit *hit)
{
    const struct matching_term *terms;
    size_t count;
    struct arena *arena = filling->asking->arena;
    TRY(search_result_terms(filling->result, index, arena, &terms, &count, filling->asking->err));
    Referent__V1__Weight *weights = arena_zero(arena, count + 1, sizeof *weights);
    hit->weights = arena_zero(arena, count + 1, sizeof *hit->weights);
    if (weights == NULL || hit->weights == NULL)
        return arena_full(filling->asking->err);
    for (size_t i = 0; i < count; i++) {
        referent__v1__weight__init(&weights[i]);
        TRY(copy(filling, terms[i].term, &weights[i].term));
        weights[i].documents = terms[i].documents;
        weights[i].most = terms[i].weight;
        hit->weights[i] = &weights[i];
    }
    hit->n_weights = count;
    return FAULT_NONE;
}

static enum fault hit_fill(struct filling *filling, size_t index, Referent__V1__Hit *hit)
{
    struct search_hit found;
    struct label label;
    const Referent__V1__SearchRequest *request = filling->question->request;
    TRY(found_read(filling, index, &found, &label));
    referent__v1__hit__init(hit);
    hit->position = label.position;
    TRY(copy(filling, label.id, &hit->id));
    hit->score = found.weight;
    hit->collapsed = found.collapsed;
    hit->shard = view_shard(filling->view, found.part);
    if (!request->ids_only) {
        TRY(fields_fill(filling, found.data, hit));
        TRY(snippet_fill(filling, &found, hit));
    }
    return request->explain ? weights_fill(filling, index, hit) : FAULT_NONE;
}

enum fault hit_fill_all(struct asking *asking, struct view *view, const struct question *question,
                        struct search_result *result, struct text_source *source, Referent__V1__SearchReply *reply)
{
    struct filling filling = {asking, view, question, result, source, NULL, 0};
    if (question->request->ids_only)
        TRY(database_segments(asking->database, NULL, asking->arena, &filling.segments, &filling.segment_count,
                              asking->err));
    size_t count = search_result_count(result);
    Referent__V1__Hit *hits = arena_zero(asking->arena, count + 1, sizeof *hits);
    reply->hits = arena_zero(asking->arena, count + 1, sizeof *reply->hits);
    if (hits == NULL || reply->hits == NULL)
        return arena_full(asking->err);
    for (size_t i = 0; i < count; i++) {
        TRY(hit_fill(&filling, i, &hits[i]));
        reply->hits[i] = &hits[i];
    }
    reply->n_hits = count;
    return FAULT_NONE;
}
