/* ruling: the sentences of a decision -> its outcome. Pure.
 *
 * Decisions speak of amendments, wishes and earlier bodies too. A sentence on the recommendation or an answer of a word
 * ("Godkendt.") weighs more than one on a proposal; wishes weigh nothing. Source: tests/golden/README.md, minutes. */
#include "bytes.h"
#include "decision.h"
#include "telling.h"
#include "words.h"

#include <string.h>

static struct verdict sentence_judge(const struct telling *telling, enum outcome wished)
{
    struct verdict verdict = {telling->outcome, 2};
    if (telling->outcome == OUTCOME_NONE)
        return (struct verdict){0};
    bool positive = verdict.outcome == OUTCOME_APPROVED || verdict.outcome == OUTCOME_RECOMMENDED;
    if (telling->negated)
        verdict.outcome = positive                              ? OUTCOME_REJECTED
                          : verdict.outcome == OUTCOME_REJECTED ? OUTCOME_APPROVED
                                                                : OUTCOME_OTHER;
    if (telling->wish)
        verdict.weight = 0;
    else if (telling->amendment || telling->other_item || telling->voted)
        verdict.weight = 1;
    else if (telling->agenda)
        verdict.weight = 8;
    else if (telling->vague)
        verdict.weight = 2;
    else if (telling->proposal && !telling->subject)
        verdict.weight = 4;
    else if (telling->subject || telling->words_before <= 1)
        verdict.weight = 6;
    else
        verdict.weight = 3;
    if (verdict.outcome == OUTCOME_OTHER)
        verdict.weight = telling->other_item || telling->words_before > 3 ? 0
                         : telling->agenda && telling->words_before < 3   ? 7 /* "Udgår af dagsordenen." */
                                                                          : 2;
    /* "foreslog, at sagen sendes tilbage. Dette blev tiltrådt": what was wished came true */
    if (telling->that && verdict.outcome == OUTCOME_APPROVED && wished != OUTCOME_NONE)
        verdict = (struct verdict){wished, 6};
    return verdict;
}

static bool capital_behind(const char *at, const char *end)
{
    while (at < end && *at == ' ')
        at++;
    unsigned char first = at < end ? (unsigned char)*at : 0, second = at + 1 < end ? (unsigned char)at[1] : 0;
    return (first >= 'A' && first <= 'Z') || (first == 0xC3 && second >= 0x80 && second <= 0x9E);
}

/* "Afstemning 2", "Resultat: vedtaget": lines of a tally are sentences of their own. */
static bool is_tally(const char *at, const char *end)
{
    while (at < end && *at == ' ')
        at++;
    bool figure = end - at > 10 && *at >= '1' && *at <= '9' && (at[1] == '.' || at[1] == ')') && at[2] == ' ' &&
                  capital_behind(at + 2, end);
    return end - at > 10 &&
           (figure || memcmp(at, "Ad ", 3) == 0 || memcmp(at, "Resultat", 8) == 0 || memcmp(at, "Afstemning", 10) == 0);
}

/* The point at `cursor` is that of a short word before a figure, amid a sentence: "Indstillingens pkt. 1-3", or of one
 * before a small letter: "38 mio. kr. blev forkastet". */
static bool is_brief(const char *at, const char *cursor, const char *end)
{
    static const struct span briefs[] = {WORD("kr"),  WORD("mio"), WORD("mill"),  WORD("mia"),  WORD("pct"), WORD("ca"),
                                         WORD("stk"), WORD("pr"),  WORD("ekskl"), WORD("inkl"), WORD("evt")};
    if (cursor - at > 4 && end - cursor > 2 && cursor[1] == ' ' && cursor[2] >= 'a' && cursor[2] <= 'z') {
        struct span text = {at, (size_t)(cursor - at)};
        for (size_t i = 0; i < sizeof briefs / sizeof *briefs; i++)
            if (word_ends(text, briefs[i]) && !byte_is_letter((unsigned char)cursor[-1 - (ptrdiff_t)briefs[i].size]))
                return true;
    }
    return cursor - at > 6 && end - cursor > 2 && cursor[1] == ' ' && cursor[2] >= '0' && cursor[2] <= '9' &&
           (memcmp(cursor - 4, " pkt", 4) == 0 || memcmp(cursor - 3, " nr", 3) == 0);
}

/* The end of the sentence that begins at `at`: a point with a space and no figure before it, a line end, ", og ". */
static const char *sentence_end(const char *at, const char *end)
{
    for (const char *cursor = at; (cursor = bytes_find4(cursor, end, '.', ',', ';', '\n')) < end; cursor++) {
        if (*cursor == '\n' && cursor + 1 < end && cursor[1] == '\n')
            return cursor;
        if (*cursor == ';')
            return cursor;
        if (*cursor == '.' && (cursor + 1 >= end || cursor[1] == ' ' || cursor[1] == '\n') && cursor > at &&
            !is_brief(at, cursor, end) &&
            !(cursor[-1] >= '0' && cursor[-1] <= '9' && (cursor - at < 8 || !capital_behind(cursor + 1, end))))
            return cursor;
        if (*cursor == ',' && end - cursor > 5 && memcmp(cursor, ", og ", 5) == 0)
            return cursor;
        if (*cursor == '\n' && cursor > at && (strchr(".:;", cursor[-1]) || is_tally(cursor + 1, end)))
            return cursor;
    }
    return end;
}

static bool blank(const char *at, const char *end)
{
    for (; at < end; at++)
        if (((*at | 0x20) >= 'a' && (*at | 0x20) <= 'z') || (*at & 0x80) || (*at >= '0' && *at <= '9'))
            return false;
    return true;
}

/* "Økonomiudvalget, 14. maj, pkt. 88: Anbefales": behind the name of the body and its colon; `at` if none leads. */
static const char *body_behind(const char *at, const char *end)
{
    static const struct span bodies[] = {WORD("udvalget"), WORD("udvalg"),      WORD("Udvalg"),     WORD("rådet"),
                                         WORD("råd"),      WORD("bestyrelsen"), WORD("Magistraten")};
    while (at < end && (*at == ' ' || *at == '\n'))
        at++;
    if (!(*at >= 'A' && *at <= 'Z') && (unsigned char)*at != 0xC3)
        return at;
    const char *name = at, *colon = memchr(at, ':', end - at < 90 ? (size_t)(end - at) : 90);
    if (!colon)
        return at;
    while (name < end && ((*name | 0x20) >= 'a' || (*name & 0x80) || *name == ' ' || *name == '-'))
        name++;
    if (end - colon < 3 || colon[1] != ' ' || colon - name > 45)
        return at;
    struct span text = {at, (size_t)(name - at)};
    const char *day = text_seek(text, " den", 4, false);
    text = text_strip(span_cut(text, 0, day ? (size_t)(day - at) : text.size), " ");
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
        if (word_ends(text, bodies[i]))
            return colon + 1;
    return at;
}

/* Is the number from `at` to `stop` the first one? */
static bool is_first(const char *at, const char *stop)
{
    while (at < stop && !(*at >= '0' && *at <= '9') &&
           !(*at >= 'a' && *at <= 'h' && !byte_is_letter((unsigned char)at[1])))
        at++;
    return at < stop && (*at == '1' || *at == 'a') && !(at[1] >= '0' && at[1] <= '9');
}

/* Answers of a letter or two. */
static enum outcome brief_answer(struct span text)
{
    text = text_strip(text, ".! \n");
    if (span_equal(text, SPAN("OK")) || span_equal(text, SPAN("Ok")) || span_equal(text, SPAN("ok")))
        return OUTCOME_APPROVED;
    bool noted = span_equal(text, SPAN("T.e")) || span_equal(text, SPAN("t.e")) || span_equal(text, SPAN("T. e")) ||
                 span_equal(text, SPAN("T.o")) || span_equal(text, SPAN("t.o"));
    return noted ? OUTCOME_NOTED : OUTCOME_NONE;
}

/* What is known of a decision while its sentences are read. */
struct ruling {
    struct verdict best;
    bool deep;     /* it stands behind several words of its sentence */
    bool answer;   /* it is an answer of a word, or numbered */
    bool labelled; /* the body that said it stands before it with a colon */
    bool apart;    /* a paragraph ended since */
    bool joined;   /* ", og " follows it, and the sentence goes on */
};

/* Does a verdict go before the best so far? `last`: of those that weigh the same, the last counts. */
static bool goes_before(const struct ruling *ruling, struct verdict verdict, const struct telling *telling,
                        bool labelled, bool last)
{
    struct verdict best = ruling->best;
    bool positive = verdict.outcome == OUTCOME_APPROVED || verdict.outcome == OUTCOME_RECOMMENDED;
    if (!verdict.weight || verdict.weight > best.weight)
        return verdict.weight > 0;
    /* "Staten har givet afslag på ansøgningen. ... Taget til efterretning.": an answer of a word goes before one deep
     * in what was told */
    if (verdict.outcome == OUTCOME_NOTED && verdict.weight == best.weight && telling->words_before <= 1 && ruling->deep)
        return true;
    /* "Forslaget bortfaldt. Formandens forslag blev vedtaget": the last proposal decides; so does what became of the
     * matter then: "Taksterne blev derefter godkendt" */
    if (best.outcome == OUTCOME_REJECTED && positive &&
        ((verdict.weight == 4 && best.weight == 4 && telling->proposal) ||
         (telling->hence && verdict.weight >= 3 && best.weight <= 4) ||
         /* "Forslaget bortfaldt.", and in a paragraph of its own "Salget til Friskolen godkendt." */
         (verdict.weight == 3 && best.weight == 4 && ruling->apart) ||
         /* "Forslaget bortfalder, og opsigelsen godkendes." */
         (verdict.weight >= 3 && best.weight == 4 && ruling->joined)))
        return true;
    /* "Drøftet. Indstillingen godkendt", "Drøftet. Udvalget anbefaler forslaget": what they came to goes before that
     * they talked; what they thought or what is done next does not */
    bool result = positive || verdict.outcome == OUTCOME_POSTPONED ||
                  (telling->subject && (verdict.outcome == OUTCOME_REJECTED || verdict.outcome == OUTCOME_REFERRED));
    if (best.outcome == OUTCOME_DISCUSSED && !telling->resumed &&
        ((verdict.weight >= 6 && result) || (telling->body && verdict.outcome == OUTCOME_RECOMMENDED)))
        return true;
    /* "Økonomiudvalget, pkt. 8: Anbefales. Byrådet, pkt. 7: Godkendt.": of bodies the last */
    if (labelled && verdict.weight >= 6 && (ruling->labelled || best.outcome == OUTCOME_RECOMMENDED))
        return true;
    bool listed = ruling->answer && !ruling->apart; /* "Ad 1) Godkendt. Ad 2) Udsat." */
    return last && verdict.weight == best.weight && !listed;
}

enum outcome decision_outcome(struct span text, bool last)
{
    const char *at = text.at, *end = text.at + text.size;
    struct ruling ruling = {{OUTCOME_NONE, 0}, false, false, false, false, false};
    enum outcome wished = OUTCOME_NONE;
    bool empty = true, amended = false, fresh = true;
    while (at < end) {
        const char *stop = sentence_end(at, end);
        if (!blank(at, stop)) {
            const char *word = body_behind(at, stop);
            bool labelled = word > at && word[-1] == ':';
            const char *answer = telling_start(word, stop);
            struct telling telling = telling_read(answer, stop);
            /* "Afstemning 1 - ændringsforslag / ... / Resultat: Ikke vedtaget" */
            amended = telling.outcome == OUTCOME_NONE ? (telling.amendment || (amended && !telling.subject)) : amended;
            bool bare = telling.words_before == 0 && !telling.subject && !telling.proposal && at != text.at && !fresh;
            telling.amendment = telling.amendment || ((telling.result || bare) && amended);
            amended = amended && telling.outcome == OUTCOME_NONE;
            struct verdict verdict = sentence_judge(&telling, wished);
            if (telling.wish) /* "foreslog, at forslaget ikke imødekommes" */
                wished = telling.negated && telling.outcome == OUTCOME_APPROVED ? OUTCOME_REJECTED : telling.outcome;
            empty = false;
            /* "Taget til efterretning. 2. at blev godkendt": the first answer counts */
            if (answer > word && ruling.best.weight >= 2 && !is_first(word, answer))
                verdict.weight = 0;
            if (goes_before(&ruling, verdict, &telling, labelled, last))
                ruling = (struct ruling){verdict,
                                         telling.words_before >= 4,
                                         telling.words_before == 0 || answer > word || telling.other_item,
                                         labelled,
                                         false,
                                         true};
        }
        fresh = stop < end && *stop == '\n'; /* a paragraph ends */
        ruling.joined = ruling.joined && stop < end && *stop == ',';
        ruling.apart = ruling.apart || (fresh && stop + 1 < end && stop[1] == '\n');
        at = stop + 1;
    }
    if (ruling.best.weight)
        return ruling.best.outcome;
    enum outcome brief = text.size < 8 ? brief_answer(text) : OUTCOME_NONE;
    return brief != OUTCOME_NONE ? brief : empty ? OUTCOME_NONE : OUTCOME_OTHER;
}

bool outcome_word(struct span text)
{
    unsigned char first = text.size ? (unsigned char)*text.at : 0;
    if (text.size > 40 && byte_in_letter(first) && byte_in_letter((unsigned char)text.at[text.size - 1]))
        return false; /* nothing to strip */
    text = text_strip(text, ".:,;0123456789)-");
    if (!text.size || text.size > 40)
        return false;
    struct telling telling = telling_read(text.at, text.at + text.size);
    int spaces = 0;
    for (size_t i = 0; i < text.size; i++)
        spaces += text.at[i] == ' ';
    return telling.outcome != OUTCOME_NONE && telling.words_before <= 1 && spaces <= 3 && !telling.subject;
}
