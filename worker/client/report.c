/* report: answers as JSON. Steals references throughout (the _new functions of jansson), so that a NULL anywhere inside
 * makes the whole NULL. */
#include "report.h"

#include "terminal.h"

/* The text of documents and names: UTF-8 is checked on the way in (frame_decode), so that jansson takes it. */
json_t *report_strings(struct referent_strings strings)
{
    json_t *list = json_array();
    for (size_t i = 0; i < strings.count; i++)
        json_array_append_new(list, json_string(strings.items[i]));
    return list;
}

/* An empty string is a fact that is not known: null. */
json_t *report_known(const char *string)
{
    return *string ? json_string(string) : json_null();
}

/* ---- Search ---- */

static json_t *weights(const struct referent_hit *hit)
{
    json_t *list = json_array();
    for (size_t i = 0; i < hit->weight_count; i++)
        json_array_append_new(list, json_pack("{s:s, s:I, s:f}", "term", hit->weights[i].term, "documents",
                                              (json_int_t)hit->weights[i].documents, "most", hit->weights[i].most));
    return list;
}

static json_t *hits(const struct referent_answer *answer)
{
    json_t *list = json_array();
    for (size_t i = 0; i < answer->hit_count; i++) {
        const struct referent_hit *hit = &answer->hits[i];
        json_t *one = json_pack("{s:s, s:I, s:s, s:s, s:s, s:s, s:s, s:f, s:s, s:s, s:o, s:o, s:o, s:I}", "id", hit->id,
                                "position", (json_int_t)hit->position, "item", hit->item, "title", hit->title,
                                "committee", hit->committee, "municipality", hit->municipality, "date", hit->date,
                                "score", hit->score, "snippet", hit->snippet, "url", hit->url, "case",
                                report_known(hit->case_number), "kle", report_known(hit->kle), "outcome",
                                report_known(hit->outcome), "collapsed", (json_int_t)hit->collapsed);
        if (hit->weight_count > 0)
            json_object_set_new(one, "weights", weights(hit));
        json_array_append_new(list, one);
    }
    return list;
}

static json_t *facets(const struct referent_answer *answer)
{
    json_t *all = json_object();
    for (size_t i = 0; i < answer->facet_count; i++) {
        const struct referent_facet *facet = &answer->facets[i];
        json_t *values = json_array();
        for (size_t j = 0; j < facet->value_count; j++)
            json_array_append_new(values, json_pack("{s:s, s:I}", "value", facet->values[j].value, "count",
                                                    (json_int_t)facet->values[j].count));
        json_object_set_new(all, facet->name, values);
    }
    return all;
}

json_t *report_coverage(const struct referent_coverage *coverage)
{
    json_t *missing = json_array(), *sequences = json_object();
    for (size_t i = 0; i < coverage->missing_count; i++)
        json_array_append_new(missing, json_integer(coverage->missing[i]));
    for (size_t i = 0; i < coverage->sequence_count; i++) {
        char shard[16];
        snprintf(shard, sizeof shard, "%u", (unsigned)coverage->sequences[i].shard);
        json_object_set_new(sequences, shard, json_integer((json_int_t)coverage->sequences[i].sequence));
    }
    return json_pack("{s:I, s:I, s:o, s:o}", "shards", (json_int_t)coverage->shards, "answered",
                     (json_int_t)coverage->answered, "missing", missing, "sequences", sequences);
}

static json_t *understood(const struct referent_answer *answer)
{
    json_t *list = json_array();
    for (size_t i = 0; i < answer->understood_count; i++) {
        const struct referent_understood *one = &answer->understood[i];
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:b}", "kind", one->kind, "text", one->text, "value",
                                              one->value, "filter", (int)one->filter));
    }
    return list;
}

json_t *report_answer(const struct referent_answer *answer)
{
    json_t *report = json_pack("{s:I, s:b, s:o, s:o, s:o, s:b, s:I, s:o, s:o, s:b}", "total", (json_int_t)answer->total,
                               "total_exact", (int)answer->total_exact, "hits", hits(answer), "facets", facets(answer),
                               "coverage", report_coverage(&answer->coverage), "relaxed", (int)answer->relaxed,
                               "all_words", (json_int_t)answer->all_words, "understood", understood(answer),
                               "suggestion", report_known(answer->suggestion), "timed_out", (int)answer->timed_out);
    if (*answer->explanation)
        json_object_set_new(report, "explanation", json_string(answer->explanation));
    return report;
}

/* ---- Get ---- */

static json_t *attachments(const struct referent_item *item)
{
    json_t *list = json_array();
    for (size_t i = 0; i < item->attachment_count; i++)
        json_array_append_new(list, json_pack("{s:s, s:o, s:o}", "title", item->attachments[i].title, "document",
                                              report_known(item->attachments[i].document), "url",
                                              report_known(item->attachments[i].url)));
    return list;
}

static const char *access_name(enum referent_access access)
{
    return access == REFERENT_ACCESS_CLOSED ? "closed" : access == REFERENT_ACCESS_OPEN ? "open" : "";
}

static json_t *items(const struct referent_meeting *meeting)
{
    json_t *list = json_array();
    for (size_t i = 0; i < meeting->item_count; i++) {
        const struct referent_item *item = &meeting->items[i];
        json_t *votes = json_pack("{s:o, s:o, s:o}", "for", report_strings(item->votes_for), "against",
                                  report_strings(item->votes_against), "abstain", report_strings(item->votes_abstain));
        json_t *one = json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:I}", "number", item->number, "title",
                                item->title, "access", report_known(access_name(item->access)), "case",
                                report_known(item->case_number), "kle", report_known(item->kle), "outcome",
                                report_known(item->outcome), "votes", votes, "attachments", attachments(item), "start",
                                (json_int_t)item->start, "end", (json_int_t)item->end);
        if (*item->id)
            json_object_set_new(one, "id", json_string(item->id));
        if (*item->text)
            json_object_set_new(one, "text", json_string(item->text));
        json_array_append_new(list, one);
    }
    return list;
}

static json_t *meeting_report(const struct referent_meeting *meeting)
{
    static const char *const types[] = {"", "agenda", "minutes"};
    const char *type = meeting->type <= REFERENT_MEETING_MINUTES ? types[meeting->type] : "";
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "agenda_id",
                     report_known(meeting->agenda_id), "type", report_known(type), "access",
                     report_known(access_name(meeting->access)), "municipality", report_known(meeting->municipality),
                     "committee", report_known(meeting->committee), "date", report_known(meeting->date), "start",
                     report_known(meeting->start), "end", report_known(meeting->end), "place",
                     report_known(meeting->place), "present", report_strings(meeting->present), "absent",
                     report_strings(meeting->absent), "substitutes", report_strings(meeting->substitutes), "items",
                     items(meeting));
}

static json_t *document(const struct referent_document *document)
{
    json_t *metadata = json_object();
    for (size_t i = 0; i < document->metadata_count; i++)
        json_object_set_new(metadata, document->metadata[i].key, json_string(document->metadata[i].value));
    json_t *report = json_pack("{s:s, s:I, s:s, s:s, s:s, s:o}", "id", document->id, "version",
                               (json_int_t)document->version, "source", document->source, "media_type",
                               document->media_type, "url", document->url, "metadata", metadata);
    if (document->meeting != NULL)
        json_object_set_new(report, "meeting", meeting_report(document->meeting));
    else
        json_object_set_new(report, "body", json_stringn(document->body, document->body_bytes));
    return report;
}

static json_t *entities(const struct referent_stored *stored)
{
    json_t *list = json_array();
    for (size_t i = 0; i < stored->entity_count; i++) {
        const struct referent_entity *entity = &stored->entities[i];
        json_array_append_new(list, json_pack("{s:s, s:I, s:I, s:s, s:s}", "type", entity->type, "start",
                                              (json_int_t)entity->start, "end", (json_int_t)entity->end, "value",
                                              entity->value, "rule", entity->rule));
    }
    return list;
}

json_t *report_stored(const struct referent_stored *stored)
{
    json_t *meeting = stored->has_meeting ? meeting_report(&stored->meeting) : json_null();
    return json_pack("{s:o, s:o, s:o, s:I, s:I}", "document", document(&stored->document), "meeting", meeting,
                     "entities", entities(stored), "shard", (json_int_t)stored->shard, "sequence",
                     (json_int_t)stored->sequence);
}

/* ---- Status ---- */

static json_t *shard(const struct referent_shard_status *shard)
{
    char lineage[2 * sizeof shard->lineage + 1];
    for (size_t i = 0; i < sizeof shard->lineage; i++)
        snprintf(lineage + 2 * i, 3, "%02x", shard->lineage[i]);
    return json_pack("{s:I, s:s, s:I, s:I, s:I, s:I, s:I, s:I}", "number", (json_int_t)shard->number, "lineage",
                     lineage, "sequence", (json_int_t)shard->sequence, "meetings", (json_int_t)shard->meetings,
                     "documents", (json_int_t)shard->documents, "closed_documents", (json_int_t)shard->closed_documents,
                     "schema", (json_int_t)shard->schema, "analysis", (json_int_t)shard->analysis);
}

json_t *report_worker(const struct referent_worker *worker)
{
    char instance[17];
    snprintf(instance, sizeof instance, "%016llx", (unsigned long long)worker->instance);
    json_t *shards = json_array(), *counters = json_object(), *conditions = json_array();
    for (size_t i = 0; i < worker->shard_count; i++)
        json_array_append_new(shards, shard(&worker->shards[i]));
    for (size_t i = 0; i < worker->counter_count; i++)
        json_object_set_new(counters, worker->counters[i].name, json_integer((json_int_t)worker->counters[i].value));
    for (size_t i = 0; i < worker->condition_count; i++)
        json_array_append_new(conditions, json_pack("{s:s, s:I, s:s}", "name", worker->conditions[i].name, "number",
                                                    (json_int_t)worker->conditions[i].number, "reason",
                                                    worker->conditions[i].reason));
    return json_pack("{s:s, s:s, s:I, s:b, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:o, s:o, s:o}", "server", worker->server,
                     "instance", instance, "uptime_ms", (json_int_t)worker->uptime_ms, "draining",
                     (int)worker->draining, "peers", (json_int_t)worker->peers, "in_flight",
                     (json_int_t)worker->in_flight, "dead", (json_int_t)worker->dead, "suspects",
                     (json_int_t)worker->suspects, "aside", (json_int_t)worker->aside, "rebuild_read",
                     (json_int_t)worker->rebuild_read, "rebuild_of", (json_int_t)worker->rebuild_of, "conditions",
                     conditions, "shards", shards, "counters", counters);
}

bool report_print(json_t *report)
{
    bool written = report != NULL && json_dumpf(report, stdout, JSON_COMPACT) == 0 && putchar('\n') != EOF;
    if (report == NULL)
        complain("out of memory for the answer");
    json_decref(report);
    return output_finish() && written;
}
