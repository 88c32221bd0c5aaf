/* roster: gives every sighting its person. After the pass over the text. Pure.
 *
 * First the lists of the head, then everybody whom the text shows to be a member (a party behind the name, a title, a
 * seat taken), then the rest: sightings that fit a known name, also misspelt, and officials. */
#include "roster.h"

#include "lookup.h"
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

int32_t roster_find(const struct roster *roster, struct span name)
{
    struct name_key key;
    name_key(name, &key);
    return find_close(roster, &key, name);
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

static struct span sighting_name(const struct reading *reading, const struct sighting *sighting)
{
    return reading_cut(reading, sighting->start, sighting->end);
}

/* The last word of a name. */
static struct span last_word(struct span name)
{
    size_t at = name.size;
    while (at && name.at[at - 1] != ' ' && name.at[at - 1] != '\n')
        at--;
    return span_cut(name, at, name.size);
}

/* The name of a street or a spot: "Jens Baggesens Vej" is nobody. */
static bool is_place(struct span name)
{
    static const struct span places[] = {
#define PLACE(word) WORD(word),
#include "place.def"
#undef PLACE
    };
    static const struct word_list list = {places, place_slots, sizeof place_slots / sizeof *place_slots - 1};
    /* words that are surnames as well: "Dronning Louises Bro" is a place, "Aksel Bro" is not */
    static const struct span surnames[] = {WORD("Bro"),  WORD("Skov"),  WORD("Strand"), WORD("Mark"),
                                           WORD("Hede"), WORD("Bakke"), WORD("Have"),   WORD("Gade")};
    static const struct span tails[] = {WORD("vej"),          WORD("gade"),      WORD("stræde"),
                                        WORD("pladsen"),      WORD("parken"),    WORD("organisationer"),
                                        WORD("organisation"), WORD("foreninger")};
    struct span last = last_word(name);
    size_t at = name.size - last.size;
    if (word_listed(&list, last)) {
        for (size_t i = 0; at > 1 && i < sizeof surnames / sizeof *surnames; i++)
            if (span_equal(last, surnames[i]))
                return name.at[at - 2] == 's';
        return true;
    }
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) /* "Hans Schacksvej" */
        if (last.size > tails[i].size + 2 && word_ends(last, tails[i]))
            return true;
    return false;
}

/* "Dansk Folkeparti", "Radikale Venstre": a party by its full name is nobody. */
static bool is_party_name(struct span name)
{
    static const struct span words[] = {WORD("Folkeparti"), WORD("Venstre"), WORD("Alliance"),   WORD("Borgerlige"),
                                        WORD("Grønne"),     WORD("Parti"),   WORD("Folkepartis")};
    struct span last = last_word(name);
    if (last.size < 5 || !strchr("ABFGPV", *last.at))
        return false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (span_equal(last, words[i]))
            return true;
    return false;
}

bool sighting_is_place(const struct reading *reading, const struct sighting *sighting)
{
    struct span name = sighting_name(reading, sighting);
    return is_party_name(name) || (!sighting->party.size && is_place(name));
}

/* The words behind a sighting, up to the end of the sentence. */
static struct span words_behind(const struct reading *reading, const struct sighting *sighting)
{
    const struct text *text = &reading->body.text;
    size_t left = text->size - sighting->after;
    struct span near = reading_cut(reading, sighting->after, sighting->after + (left < 120 ? left : 120));
    const char *line_end = memchr(near.at, '\n', near.size), *point = near.at;
    near.size = line_end ? (size_t)(line_end - near.at) : near.size;
    while ((point = memchr(point, '.', near.size - (size_t)(point - near.at))) != NULL) {
        if (point[1] == ' ')
            return span_cut(near, 0, (size_t)(point - near.at));
        point++;
    }
    return near;
}

bool in_absence_item(const struct reading *reading, const struct sighting *sighting)
{
    size_t line = sighting->line;
    int32_t item = reading->spots[line].item;
    if (item < 0 || reading->spots[line].section != SECTION_DECISION || reading->spots[line].heading)
        return false;
    const struct draft_item *draft = &reading->items.items[item];
    struct span title = reading_cut(reading, draft->title_start, draft->title_end);
    return span_starts(title, SPAN("Fraværende")) || span_starts(title, SPAN("Afbud")) ||
           span_starts(title, SPAN("Fravær"));
}

bool sighting_came_instead(struct span before)
{
    static const struct span leads[] = {WORD("I stedet deltog "),
                                        WORD("I stedet deltager "),
                                        WORD("I stedet mødte "),
                                        WORD("I deres sted "),
                                        WORD("I hans sted "),
                                        WORD("I hendes sted "),
                                        WORD("Som stedfortræder deltog "),
                                        WORD("Som stedfortrædere deltog "),
                                        WORD("Som suppleant deltog "),
                                        WORD("Som suppleanter deltog "),
                                        WORD("Som stedfortræder mødte "),
                                        WORD("Som stedfortrædere mødte "),
                                        WORD("Som suppleant mødte "),
                                        WORD("Som stedfortræder var "),
                                        WORD("Stedfortræder: "),
                                        WORD("Stedfortrædere: ")};
    struct span text = text_trim(before, "");
    text.size = before.size - (size_t)(text.at - before.at);
    if (!text.size || (*text.at != 'I' && *text.at != 'S'))
        return false;
    for (size_t i = 0; i < sizeof leads / sizeof *leads; i++)
        if (span_starts(text, leads[i]))
            return true;
    return false;
}

/* In a decision it is members who speak, propose and vote; staff and guests are named with a title. */
static bool speaks(const struct reading *reading, const struct sighting *sighting, struct span behind)
{
    static const struct span verbs[] = {
        WORD("orienterede"),      WORD("foreslog"),    WORD("ønskede"),   WORD("stillede"),      WORD("bad om"),
        WORD("spurgte"),          WORD("fremsatte"),   WORD("meddelte"),  WORD("redegjorde"),    WORD("anmodede"),
        WORD("begærede"),         WORD("tiltræder"),   WORD("oplyste"),   WORD("kan ikke"),      WORD("kunne ikke"),
        WORD("stemmer"),          WORD("undlod"),      WORD("bemærkede"), WORD("forespurgte"),   WORD("henstillede"),
        WORD("mindede om"),       WORD("takkede"),     WORD("udtalte"),   WORD("tog forbehold"), WORD("forbeholdt"),
        WORD("opfordrede"),       WORD("efterlyste"),  WORD("støttede"),  WORD("kan tilslutte"), WORD("tilsluttede"),
        WORD("gjorde opmærksom"), WORD("afholdt sig"), WORD("rejste"),    WORD("begærer"),       WORD("savner"),
        WORD("savnede"),          WORD("påpegede"),    WORD("ønsker")};
    size_t line = sighting->line;
    if (reading->spots[line].section != SECTION_DECISION || reading->spots[line].heading)
        return false;
    if (behind.size && *behind.at == ',') /* a citizen with an address */
        return false;
    int32_t item = reading->spots[line].item;
    const struct draft_item *draft = item >= 0 ? &reading->items.items[item] : NULL;
    if (draft && text_holds(reading_cut(reading, draft->title_start, draft->title_end), "spørgeti"))
        return false; /* citizens ask there, and a member has a party */
    struct span next = span_cut(behind, 0, behind.size < 40 ? behind.size : 40);
    struct text_sieve sieve;
    text_sieve_make(&sieve, next);
    return text_holds_any(&sieve, next, verbs, sizeof verbs / sizeof *verbs);
}

/* Those who vote are members: on a line "For: N, M", below one that is "For" alone, or in a sentence with "stemte". */
static bool votes(const struct reading *reading, const struct sighting *sighting, size_t line)
{
    if (reading->spots[line].section != SECTION_DECISION || reading->spots[line].heading)
        return false;
    const struct line *here = &reading->lines.items[line];
    for (size_t back = 0; back < 16 && back <= line; back++) {
        const struct line *above = here - back;
        if (above->label == LABEL_BALLOT)
            return back == 0 || above->gap == GAP_END || above->gap == GAP_COLON;
        if (above->label || above->end - above->start > 60)
            break;
    }
    size_t from = sighting->start > here->start + 200 ? sighting->start - 200 : here->start;
    struct span lead = reading_cut(reading, from, sighting->start);
    for (size_t i = lead.size; i > 1; i--)
        if (lead.at[i - 1] == ' ' && lead.at[i - 2] == '.' && i > 4 && lead.at[i - 4] != ' ')
            return text_holds(span_cut(lead, i, lead.size), "stemte");
    return text_holds(lead, "stemte");
}

/* The text shows the sighting to be a member: a party, a title, a seat, a challenge to sit in the case. */
static bool is_elected(const struct reading *reading, const struct sighting *sighting)
{
    if (sighting->weak && !sighting->given)
        return false;
    if (sighting->party.size || sighting->role == ROLE_ELECTED)
        return true;
    size_t here = sighting->line;
    bool cue = reading->lines.items[here].flags & LINE_CUE;
    bool decision = reading->spots[here].section == SECTION_DECISION && !reading->spots[here].heading;
    if (!sighting->weak && sighting->given && sighting->role == ROLE_CHAIR && decision)
        return true; /* "Formanden, N, mindede om ..." */
    struct span name = sighting_name(reading, sighting);
    bool initial =
        sighting->words == 2 && (name.at[1] == '.' || name.at[2] == '.'); /* "A. Imod": a party, a sentence */
    if (!sighting->weak && sighting->role == ROLE_NONE && !initial && votes(reading, sighting, here))
        return true;
    if (sighting->weak || !sighting->given || sighting->role == ROLE_OFFICIAL || sighting->role == ROLE_CHAIR)
        return false;
    struct span behind = words_behind(reading, sighting);
    if (in_absence_item(reading, sighting) || speaks(reading, sighting, behind))
        return true;
    size_t from = sighting->start > 160 ? sighting->start - 160 : 0;
    struct span lead = reading_cut(reading, from, sighting->start);
    for (size_t i = lead.size; cue && i > 1; i--) /* the sentence so far */
        if (lead.at[i - 1] == '\n' || (lead.at[i - 1] == ' ' && lead.at[i - 2] == '.')) {
            lead = span_cut(lead, i, lead.size);
            break;
        }
    if (cue && sighting_came_instead(lead))
        return true;
    if (!cue)
        return false;
    struct span word = word_before(&reading->body, sighting->start);
    static const struct span seats[] = {WORD("inhabil"),
                                        WORD("deltog ikke"),
                                        WORD("erklærede sig"),
                                        WORD("som suppleant for"),
                                        WORD("som stedfortræder for"),
                                        WORD("tog forbehold"),
                                        WORD("stemte imod"),
                                        WORD("stemte herimod"),
                                        WORD("stemte for"),
                                        WORD("undlod at stemme"),
                                        WORD("ankom kl"),
                                        WORD("mødte kl"),
                                        WORD("afbud"),
                                        WORD("forhindret i at deltage"),
                                        WORD("var fraværende"),
                                        WORD("er fraværende"),
                                        WORD("forlod mødet"),
                                        WORD("ankom til mødet"),
                                        WORD("tog sæde"),
                                        WORD("mødte som")};
    struct text_sieve sieve;
    text_sieve_make(&sieve, behind);
    if (text_holds_any(&sieve, behind, seats, sizeof seats / sizeof *seats))
        return true;
    struct span before = reading_cut(reading, sighting->start > 24 ? sighting->start - 24 : 0, sighting->start);
    bool stands_for =
        span_equal(word, SPAN("for")) && (text_holds(before, "suppleant for") || text_holds(before, "edfortræder for"));
    bool stands_in =
        span_equal(word, SPAN("er")) && (text_holds(before, "suppleant er") || text_holds(before, "edfortræder er"));
    return stands_for || stands_in;
}

/* "Valggruppe A, F og Ø indstiller N og N": the groups of the council elect among its members. */
static bool is_nominated(const struct reading *reading, const struct sighting *sighting)
{
    if (!(reading->lines.items[sighting->line].flags & LINE_CUE))
        return false;
    size_t start = sighting->start > 160 ? sighting->start - 160 : 0;
    struct span before = reading_cut(reading, start, sighting->start);
    for (size_t i = before.size; i > 0; i--)
        if (before.at[i - 1] == '\n') {
            before = span_cut(before, i, before.size);
            break;
        }
    return sighting->role == ROLE_NONE && text_holds(before, "Valggruppe") &&
           (text_holds(before, "indstill") || text_holds(before, "udpege"));
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
        bool elected = is_elected(reading, sighting) || (is_nominated(reading, sighting) && sighting->given);
        if (!elected || sighting_is_place(reading, sighting))
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

/* Behind an organisation's or a person's name: "Strandvejen 4" and "Vej 12" show an address. */
static bool is_address(const struct reading *reading, const struct sighting *sighting)
{
    const char *at = reading->body.text.at + sighting->end;
    struct span next = {at, 0};
    if (*at != ' ')
        return *at == '-';
    next.at = at + 1;
    while (((next.at[next.size] | 0x20) >= 'a' && (next.at[next.size] | 0x20) <= 'z') || (next.at[next.size] & 0x80))
        next.size++;
    return next.size && is_place(next);
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
        if (!person || is_place(name) || is_party_name(name) || is_address(reading, sighting))
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
