/* attendance_sentence: sentences of the head that tell who was away and who came instead. Pure.
 *
 * "A, B og C havde meldt afbud, og i stedet deltog D og E." "Alle var mødt med undtagelse af A og B." "Som
 * stedfortræder for A mødte B." A sentence is read name by name; what stands between two names, and behind the last
 * one, tells what they are. Who is away from single items only ("var ikke til stede under punkt 5") is none of it. */
#include "roster.h"

#include "words.h"

#define HOLDS(text, list) text_holds_one((text), (list), sizeof(list) / sizeof *(list))

/* Behind such words stand the absent. */
static const struct span away_leads[] = {
    WORD("bortset fra"),        WORD("undtagelse af"), WORD("undtagen"),         WORD("afbud fra"),
    WORD("fraværende var"),     WORD("fraværende er"), WORD("fraværende:"),      WORD("forfald:"),
    WORD("ikke mødt var"),      WORD("ikke mødt:"),    WORD("til stede var ik"), WORD("ikke til stede:"),
    WORD("ikke til stede var"), WORD("meldt afbud:"),  WORD("afbud:"),           WORD("fravær:"),
    WORD("udeblevet var"),      WORD("forfald var"),   WORD("forfald havde"),    WORD("afbud havde"),
    WORD("ikke tilstede:"),     WORD("afbud var fra"), WORD("manglede"),         WORD("på nær ")};

bool attendance_away_leads(struct span between)
{
    return HOLDS(between, away_leads);
}

/* Behind the absent stand such words. */
static bool away_tail(struct span text)
{
    static const struct span words[] = {WORD("meldt afbud"),
                                        WORD("meldte afbud"),
                                        WORD("havde afbud"),
                                        WORD("har afbud"),
                                        WORD("havde lovligt forfald"),
                                        WORD("havde forfald"),
                                        WORD("var fraværende"),
                                        WORD("er fraværende"),
                                        WORD("forhindret i at deltage i mødet"),
                                        WORD("var forhindret"),
                                        WORD("deltog ikke i mødet"),
                                        WORD("deltager ikke i mødet"),
                                        WORD("var ikke til stede"),
                                        WORD("ikke var til stede"),
                                        WORD("var ikke mødt"),
                                        WORD("udeblev"),
                                        WORD("har orlov"),
                                        WORD("havde orlov"),
                                        WORD("på ferie"),
                                        WORD("på barsel"),
                                        WORD("er forhindret"),
                                        WORD("lovligt forhindret"),
                                        WORD("deltog ikke"),
                                        WORD("mødte ikke"),
                                        WORD("var syg"),
                                        WORD("er syg"),
                                        WORD("sygemeldt"),
                                        WORD("sendt afbud")};
    static const struct span partly[] = {WORD("punkt"),   WORD("pkt"),   WORD("under"), WORD("behandling"),
                                         WORD(" kl"),     WORD(" sag "), WORD("sagen"), WORD("del af"),
                                         WORD("lukkede"), WORD("åbne")};
    return HOLDS(text, words) && !HOLDS(text, partly);
}

/* Behind those who came. */
static bool came_tail(struct span text)
{
    static const struct span words[] = {WORD("var mødt"), WORD("var til stede"), WORD("var tilstede"),
                                        WORD("var fremmødt"), WORD("deltog, ")};
    struct span trimmed = text_trim(text, "");
    return words_start(words, sizeof words / sizeof *words, trimmed) && !text_holds(text, "kl.") &&
           !text_holds(text, "punkt");
}

/* Between somebody who is replaced and the one who came. */
static bool came_verb(struct span text)
{
    static const struct span verbs[] = {WORD("mødte"),    WORD("mødt"),      WORD("deltog"),    WORD("deltager"),
                                        WORD("indkaldt"), WORD("indtrådte"), WORD("indtræder"), WORD("møder"),
                                        WORD("tog sæde"), WORD(" er "),      WORD(" var "),     WORD(":"),
                                        WORD("kom ")};
    return text.size < 80 && HOLDS(text, verbs);
}

/* "N deltog i stedet", "N er indkaldt som stedfortræder": N came for somebody who is not named behind it. */
static bool came_behind(struct span text)
{
    static const struct span verbs[] = {WORD("deltog"),       WORD("mødte"),     WORD("er indkaldt"),
                                        WORD("var indkaldt"), WORD("deltager"),  WORD("møder"),
                                        WORD("indkaldt"),     WORD("indtrådte"), WORD("blev indkaldt")};
    static const struct span words[] = {WORD("i stedet"), WORD(" sted"), WORD("tedfortræder"), WORD("uppleant")};
    struct span trimmed = text_trim(text, ",");
    size_t verb = words_start(verbs, sizeof verbs / sizeof *verbs, trimmed);
    return verb && text.size < 90 && HOLDS(text, words) && !text_has(text, "for") && !text_has(text, "ikke");
}

/* "(som) stedfortræder for N", "i stedet for N", "Mødt for N": N is replaced by somebody. */
bool attendance_replaced(const struct reading *reading, const struct sighting *sighting, struct span between)
{
    static const struct span leads[] = {WORD("tedfortræder"), WORD("uppleant"), WORD("stedet"),  WORD("mødt"),
                                        WORD("deltog"),       WORD("mødte"),    WORD("sted for")};
    return span_equal(word_before(&reading->body, sighting->start), SPAN("for")) && HOLDS(between, leads);
}

bool attendance_closed(const char *point)
{
    if (point[-1] == ')')
        return true;
    for (int back = 1; back <= 4; back++)
        if (!((point[-back] | 0x20) >= 'a' && (point[-back] | 0x20) <= 'z') && !(point[-back] & 0x80))
            return false;
    return true;
}

/* Does the sentence end at `at`? A point before a space and a capital, not behind an initial or "kl.". */
static bool is_end(const char *base, size_t at, size_t end)
{
    /* ")./N": a sentence that ends with its line */
    if (base[at] == '.' && at > 4 && at + 2 < end && base[at + 1] == '\n' && attendance_closed(base + at))
        return true;
    if (base[at] != '.' || at + 2 >= end || base[at + 1] != ' ' || at < 2) /* "N var forhindret; i stedet mødte M" */
        return base[at] == ';' && !(end - at > 10 && memcmp(base + at, "; i stedet", 10) == 0);
    size_t word = at + 2;
    while (word + 1 < end && word < at + 4 && base[word] == ' ')
        word++;
    unsigned char next = (unsigned char)base[word];
    bool capital = (next >= 'A' && next <= 'Z') || next == 0xC3;
    bool short_word = (base[at - 1] >= 'A' && base[at - 1] <= 'Z') || base[at - 2] == '.' ||
                      (base[at - 2] == ' ' && base[at - 1] >= 'a');
    return capital && !short_word;
}

/* "N afløste M", "N repræsenterede M": between the one who came and the one who was away. */
static bool took_place(struct span between)
{
    static const struct span verbs[] = {
        WORD("afløste"),        WORD("erstattede"),    WORD("vikarierede for"),    WORD("afløser"),
        WORD("repræsenterede"), WORD("har afløst"),    WORD("deltog på vegne af"), WORD("mødte på vegne af"),
        WORD("deltager for"),   WORD("vikarierer for")};
    struct span words = text_trim(between, "");
    size_t size = words_start(verbs, sizeof verbs / sizeof *verbs, words);
    return size && size == words.size;
}

/* What one sentence is about while it is read. */
struct sentence {
    size_t start, end;
    size_t first, last; /* sightings from first up to last */
};

static struct span between_of(const struct reading *reading, const struct sentence *sentence, size_t i)
{
    const struct sighting *items = reading->sightings.items;
    size_t from = i > sentence->first ? items[i - 1].after : sentence->start;
    size_t to = i < sentence->last ? items[i].start : sentence->end;
    return reading_cut(reading, from < to ? from : to, to);
}

static bool put(struct roster *roster, size_t i, bool absent)
{
    struct reading *reading = roster->reading;
    struct sighting *sighting = &reading->sightings.items[i];
    if (sighting_is_place(reading, sighting) || (sighting->weak && !sighting->given))
        return true;
    int32_t person = roster_put(roster, reading_cut(reading, sighting->start, sighting->end), sighting->party, false);
    if (person < 0)
        return false;
    sighting->person = person;
    struct attendance *attendance = &roster->attendance.items[person];
    enum stay stay = attendance_stay(reading, sighting, LIST_MEMBERS);
    if (stay != STAY_UNTOLD) {
        attendance->noted = attendance->noted || stay == STAY_PARTLY;
        return true;
    }
    attendance->absent = attendance->absent || absent;
    attendance->substitute = attendance->substitute || !absent;
    return true;
}

/* "Mødet lededes af amtsborgmester N": who led it was there. */
static bool led_read(struct roster *roster, const struct sentence *sentence)
{
    const struct reading *reading = roster->reading;
    struct span between = between_of(reading, sentence, sentence->first);
    static const struct span leads[] = {WORD("ledet af"), WORD("lededes af"), WORD("åbnet af"), WORD("åbnedes af")};
    if (between.size > 80 || !text_holds(between, "øde") || !HOLDS(between, leads))
        return true;
    struct sighting *sighting = &reading->sightings.items[sentence->first];
    return attendance_name(roster, sighting, LIST_MEMBERS);
}

static bool sentence_read(struct roster *roster, const struct sentence *sentence)
{
    if (!led_read(roster, sentence))
        return false;
    const struct reading *reading = roster->reading;
    static const struct span staff[] = {
        WORD("Fra administrationen"), WORD("Fra forvaltningen"), WORD("Endvidere deltog"),
        WORD("Desuden deltog"),       WORD("Derudover deltog"),  WORD("Fra sekretariatet"),
        WORD("Fra direktionen"),      WORD("Som gæst"),          WORD("Som referent")};
    struct span opening = text_trim(between_of(reading, sentence, sentence->first), "");
    if (words_start(staff, sizeof staff / sizeof *staff, opening) && !text_holds(opening, "tedfortræder"))
        return true;
    /* names from `from` up to `told` are told to be away by words behind them: "N og M var mødt, mens L havde afbud" */
    size_t told = sentence->first, from = sentence->first;
    for (size_t i = sentence->first + 1, here = from; i <= sentence->last; i++) {
        struct span between = between_of(reading, sentence, i);
        if (came_tail(between))
            here = i;
        else if (away_tail(between)) {
            from = told == sentence->first ? here : from;
            told = i;
        }
    }
    bool away = false, came = false, replaced = false, paired = false;
    for (size_t i = sentence->first; i < sentence->last; i++) {
        struct span between = between_of(reading, sentence, i);
        if (i + 1 < sentence->last && took_place(between_of(reading, sentence, i + 1))) {
            if (!put(roster, i, false) || !put(roster, i + 1, true))
                return false;
            i++;
            continue;
        }
        if (text_holds(between, " mens ")) /* "..., mens N først ankom kl. 15.45" tells of somebody else */
            away = false;
        away = away || attendance_away_leads(between);
        came = attendance_came(between, came && (away || told > sentence->first));
        bool for_name = attendance_replaced(reading, &reading->sightings.items[i], between);
        /* "N mødte for M og N2 for M2" */
        paired = paired || for_name;
        bool pair = paired && i > sentence->first && span_equal(text_trim(between, ""), SPAN("for"));
        for_name = for_name || pair;
        /* "For N mødte M" */
        for_name = for_name || (i == sentence->first && span_equal(text_trim(between, ""), SPAN("For")) &&
                                came_verb(between_of(reading, sentence, i + 1)));
        bool swapped = i > sentence->first && (text_holds(between, "rstattet af") || text_holds(between, "afløst af"));
        bool deputy = i + 1 <= sentence->last && came_behind(between_of(reading, sentence, i + 1));
        /* "M deltog for N", "M mødte i stedet for N": M came */
        if ((for_name && i > sentence->first && (pair || came_verb(between)) && !put(roster, i - 1, false)) ||
            (swapped && !put(roster, i - 1, true)))
            return false;
        /* "Stedfortræderen for N, M, deltog" */
        deputy = deputy ||
                 (replaced && text_trim(between, ",").size == 0 && came_verb(between_of(reading, sentence, i + 1)));
        bool instead =
            swapped || deputy || (replaced && came_verb(between)) || (came && (away || told > sentence->first));
        bool absent = for_name || away || (i >= from && i < told);
        replaced = for_name || (replaced && !instead);
        if (for_name && attendance_one_day(between))
            continue; /* "N deltog den 3. april for M" */
        if ((for_name || instead || absent) && !put(roster, i, for_name || !instead))
            return false;
    }
    return true;
}

size_t attendance_sentence_end(const struct reading *reading, size_t at, size_t end)
{
    const char *base = reading->body.text.at;
    for (; at < end; at++) {
        at = (size_t)(bytes_find4(base + at, base + end, '.', ';', '.', ';') - base);
        if (at < end && is_end(base, at, end))
            break;
    }
    return at < end ? at : end;
}

bool attendance_sentences(struct roster *roster, size_t start, size_t end)
{
    const struct reading *reading = roster->reading;
    size_t next = sighting_from(reading, start);
    for (size_t at = start; at < end;) {
        size_t stop = attendance_sentence_end(reading, at, end);
        struct sentence sentence = {.start = at, .end = stop, .first = next};
        while (next < reading->sightings.count && reading->sightings.items[next].start < stop)
            next++;
        sentence.last = next;
        if (sentence.last > sentence.first && !sentence_read(roster, &sentence))
            return false;
        at = stop + 1;
    }
    return true;
}
