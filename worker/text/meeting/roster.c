/* roster: gives every sighting its person. After the pass over the text. Pure.
 *
 * First the lists of the head, then everybody whom the text shows to be a member (elected.c), then the rest: sightings
 * that fit a known name, also misspelt, and officials. */
#include "roster.h"

#include "words.h"

#include <string.h>

enum { TRIES = 24, SMALL_ROSTER = 64 };

size_t sighting_from(const struct reading *reading, size_t at)
{
    size_t low = 0, left = reading->sightings.count;
    while (left > 0) { /* no branch tells the half: nothing foretells it */
        size_t half = (left + 1) / 2;
        low += half & -(size_t)(reading->sightings.items[low + half - 1].start < at);
        left -= half;
    }
    return low;
}

/* A person with the hash whose name is close; the same name counts first. */
static int32_t find_by(const struct roster *roster, uint64_t hash, const struct name_key *key, struct span name)
{
    int32_t entry = name_index_first(&roster->index, hash);
    for (int tries = 0; entry >= 0 && tries < TRIES; tries++) {
        int32_t person = roster->index.entries[entry].person;
        if (name_close(key, name, &roster->keys.items[person], roster->reading->people.items[person].name))
            return person;
        entry = name_index_next(&roster->index, roster->index.entries[entry].next, hash);
    }
    return -1;
}

static int32_t find_whole(const struct roster *roster, uint64_t whole)
{
    int32_t entry = name_index_first(&roster->index, whole);
    return entry < 0 ? -1 : roster->index.entries[entry].person;
}

static int32_t find_exact(const struct roster *roster, const struct name_key *key)
{
    return find_whole(roster, key->whole);
}

static int32_t find_close(const struct roster *roster, const struct name_key *key, struct span name)
{
    int32_t person = find_exact(roster, key);
    if (person < 0)
        person = find_by(roster, key->last, key, name);
    if (person < 0)
        person = find_by(roster, key->first, key, name);
    for (size_t i = 0; person < 0 && roster->keys.count <= SMALL_ROSTER && i < roster->keys.count; i++)
        if (roster->keys.items[i].text[0] == key->text[0] &&
            name_close(key, name, &roster->keys.items[i], roster->reading->people.items[i].name))
            person = (int32_t)i;
    return person;
}

static bool is_stuck(struct span name)
{
    for (size_t i = 1; i < name.size; i++)
        if (name.at[i] >= 'A' && name.at[i] <= 'Z' &&
            ((name.at[i - 1] >= 'a' && name.at[i - 1] <= 'z') || name.at[i - 1] & 0x80))
            return true;
    return false;
}

static struct span first_of(struct span name)
{
    const char *space = memchr(name.at, ' ', name.size);
    return space ? (struct span){name.at, (size_t)(space - name.at)} : name;
}

/* Two spellings of one name: words that are stuck together lose against the same words apart, and off the roster an
 * unknown first name against a known one. */
static bool name_improve(struct roster *roster, int32_t at, const struct name_key *key, struct span name)
{
    struct person *person = &roster->reading->people.items[at];
    if (span_equal(person->name, name))
        return true;
    bool apart = key->whole == roster->keys.items[at].whole && is_stuck(person->name) && !is_stuck(name);
    bool known =
        !roster->attendance.items[at].listed && !is_given_name(first_of(person->name)) && is_given_name(first_of(name));
    struct span first = first_of(name), old = first_of(person->name);
    bool initial =
        !roster->attendance.items[at].listed && old.at[old.size - 1] == '.' && first.at[first.size - 1] != '.';
    if (!apart && !known && !initial)
        return true;
    struct text copy = text_fold(roster->reading->arena, name);
    if (!copy.at)
        return false;
    person->name = (struct span){copy.at, copy.size};
    name_key(person->name, &roster->keys.items[at]);
    return name_index_add(&roster->index, key->whole, at);
}

int32_t roster_put(struct roster *roster, struct span name, struct span party, bool official)
{
    struct reading *reading = roster->reading;
    struct name_key name_as_key;
    name_key(name, &name_as_key);
    int32_t found = find_close(roster, &name_as_key, name);
    if (found >= 0) {
        struct person *person = &reading->people.items[found];
        if (!name_improve(roster, found, &name_as_key, name))
            return -1;
        if (!person->party.size)
            person->party = party;
        person->official = person->official && official;
        return found;
    }
    struct text copy = text_fold(reading->arena, name);
    struct person *person = LIST_PUSH(reading->arena, &reading->people);
    struct name_key *key = LIST_PUSH(reading->arena, &roster->keys);
    struct attendance *attendance = LIST_PUSH(reading->arena, &roster->attendance);
    if (!copy.at || !person || !key || !attendance)
        return -1;
    *person = (struct person){.name = {copy.at, copy.size}, .party = party, .official = official};
    *key = name_as_key;
    int32_t at = (int32_t)reading->people.count - 1;
    bool fits = name_index_add(&roster->index, key->whole, at) && name_index_add(&roster->index, key->first, at) &&
                name_index_add(&roster->index, key->last, at);
    return fits ? at : -1;
}

static bool members_from_text(struct roster *roster)
{
    struct reading *reading = roster->reading;
    for (size_t i = 0; i < reading->sightings.count; i++) {
        struct sighting *sighting = &reading->sightings.items[i];
        if (sighting->person >= 0)
            continue;
        struct span name = sighting_name(reading, sighting);
        /* "Spildevandsplan for Rødding Vest (B)": what closes a heading is its kind, no party */
        size_t line = sighting->line;
        bool title = sighting->party.size && (reading->spots[line].heading || reading->spots[line].contents) &&
                     sighting->after == reading->lines.items[line].end;
        if (title)
            continue;
        if (!sighting_is_elected(reading, sighting) || sighting_is_place(reading, sighting))
            continue;
        sighting->person = roster_put(roster, name, sighting->party, false);
        if (sighting->person < 0)
            return false;
    }
    return true;
}

/* Known names once more: without a party, misspelt, or with a genitive s that stays outside. */
static bool members_again(struct roster *roster)
{
    struct reading *reading = roster->reading;
    for (size_t i = 0; i < reading->sightings.count && reading->people.count; i++) {
        struct sighting *sighting = &reading->sightings.items[i];
        if (sighting->person >= 0)
            continue;
        struct span name = sighting_name(reading, sighting);
        struct name_key key;
        name_key(name, &key);
        if (name.at[name.size - 1] == 's' && name_key_has_all(&key)) {
            int32_t person = find_whole(roster, name_key_stem(&key));
            if (person >= 0) {
                sighting->person = person;
                sighting->end--;
                continue;
            }
        }
        int32_t person = sighting->weak ? find_exact(roster, &key) : find_close(roster, &key, name);
        if (person < 0 || sighting_is_place(reading, sighting))
            continue;
        sighting->person = person;
        struct span first = first_of(reading->people.items[person].name);
        if (first.at[first.size - 1] == '.' && !name_improve(roster, person, &key, name)) /* signed "H. C. Lei" */
            return false;
    }
    return true;
}

/* Without a list of members the first full mention tells how a name is spelt; slips of the pen come later. */
static bool names_by_first(struct roster *roster)
{
    struct reading *reading = roster->reading;
    bool *seen = arena_zero(reading->arena, reading->people.count + 1, sizeof *seen);
    if (!seen)
        return false;
    for (size_t i = 0; i < reading->sightings.count; i++) {
        const struct sighting *sighting = &reading->sightings.items[i];
        if (sighting->person < 0 || (size_t)sighting->person < reading->roster_count || seen[sighting->person])
            continue;
        struct span name = sighting_name(reading, sighting), first = first_of(name);
        seen[sighting->person] = true;
        if (!sighting->given || first.at[first.size - 1] == '.' || sighting->words < 2)
            continue;
        struct text copy = text_fold(reading->arena, name);
        if (!copy.at)
            return false;
        reading->people.items[sighting->person].name = (struct span){copy.at, copy.size};
    }
    return true;
}

/* "Naboerne Ebba og Sjønne Ålkær": a first name joined to it shows the second to be a name as well. */
static bool is_coupled(const struct reading *reading, const struct sighting *sighting)
{
    struct span joint = word_before(&reading->body, sighting->start);
    return span_equal(joint, SPAN("og")) &&
           is_common_name(word_before(&reading->body, (size_t)(joint.at - reading->body.text.at)));
}

static bool officials_from_text(struct roster *roster)
{
    struct reading *reading = roster->reading;
    for (size_t i = 0; i < reading->sightings.count; i++) {
        struct sighting *sighting = &reading->sightings.items[i];
        if (sighting->person >= 0 || sighting->weak)
            continue;
        struct span name = sighting_name(reading, sighting);
        bool person = sighting->given || sighting->role != ROLE_NONE || is_coupled(reading, sighting);
        if (!person || sighting_is_nobody(reading, sighting))
            continue;
        sighting->person = roster_put(roster, name, (struct span){0}, true);
        if (sighting->person < 0)
            return false;
    }
    return true;
}

/* On which line each sighting stands; both are ascending. */
static void lines_tell(struct reading *reading)
{
    size_t line = 0;
    for (size_t i = 0; i < reading->sightings.count; i++) {
        struct sighting *sighting = &reading->sightings.items[i];
        while (line + 1 < reading->lines.count && reading->lines.items[line + 1].start <= sighting->start)
            line++;
        sighting->line = (uint32_t)line;
    }
}

enum fault roster_read(struct reading *reading)
{
    struct roster roster = {.reading = reading, .index = {.arena = reading->arena}};
    bool fits = runs_split(reading);
    lines_tell(reading);
    fits = fits && attendance_lists(&roster);
    reading->roster_count = reading->people.count;
    if (fits)
        fits = members_from_text(&roster);
    fits = fits && members_again(&roster);
    fits = fits && names_by_first(&roster);
    fits = fits && officials_from_text(&roster) && attendance_notes(&roster) && attendance_result(&roster);
    return fits ? FAULT_NONE : arena_full(reading->err);
}
