/* roster: who sat there, and which sighting in the text is whom. Used by roster.c, what it asks of a sighting
 * (elected.c, nobody.c), and the attendance files. Pure. */
#ifndef REFERENT_ROSTER_H
#define REFERENT_ROSTER_H

#include "name.h"
#include "reading.h"

/* What is known of a person's attendance. */
struct attendance {
    bool listed;     /* on the roster */
    bool absent;     /* named as absent for the meeting */
    bool substitute; /* came for somebody */
    bool noted;      /* came late or left early */
    bool signed_off; /* signed the minutes */
    uint16_t items;  /* absent in so many decisions */
};

struct roster {
    struct reading *reading;
    struct name_index index; /* by whole key, first and last word */
    LIST(struct name_key) keys;
    LIST(struct attendance) attendance; /* one a person */
};

/* The person a name belongs to, a new one if there is none; -1 if the arena is full. */
int32_t roster_put(struct roster *roster, struct span name, struct span party, bool official);

/* What a list of names says of them. */
enum list_kind { LIST_MEMBERS, LIST_ABSENT, LIST_SUBSTITUTE, LIST_OFFICIAL, LIST_SIGNED };

/* Puts one sighting (attendance_name.c), or all between two clean offsets (attendance_list.c), on a list; words between
 * the names may tell otherwise. */
NODISCARD bool attendance_name(struct roster *roster, struct sighting *sighting, enum list_kind kind);
NODISCARD bool attendance_names(struct roster *roster, size_t start, size_t end, enum list_kind kind);
/* The list that a label leads; false if it leads none. */
bool attendance_kind(enum label label, enum list_kind *kind);
/* A line with a name that is a sentence: "N (A) deltog i stedet for M (A)." (attendance_line.c) */
bool attendance_told(const struct reading *reading, const struct line *line);
/* "N: Deltog", "N: Afbud (Stedfortræder M)": a line that answers for one member. */
bool attendance_answers(const struct reading *reading, const struct line *line);
/* Behind the last line of the list of absentees or substitutes that the line begins. */
size_t attendance_short_end(const struct reading *reading, size_t line);
/* Names in columns: a table with a head, or labels one below the other with their values behind them all. The line
 * behind them; `line` if it begins none, 0 if the arena is full (attendance_column.c). */
NODISCARD size_t attendance_columns(struct roster *roster, size_t line);

/* Lists side by side below a line of headings, "Til stede | Ej til stede": the line behind them, `line` if it is none,
 * 0 if the arena is full (attendance_side.c). */
NODISCARD size_t attendance_sides(struct roster *roster, size_t line);

/* The line is nothing but a label above a table that has a head of its own. */
bool attendance_heads(const struct reading *reading, size_t line);

/* The end of a paragraph of prose that begins at `line`: lines that were broken because they were full. */
size_t attendance_prose_end(const struct reading *reading, size_t line);
/* Lists of names in the head that no known label leads, where none leads the members (attendance_open.c). */
NODISCARD bool attendance_open(struct roster *roster);

/* Read the lists of members, absentees and substitutes, then the notes in the text
 * (attendance.c, attendance_note.c). */
NODISCARD bool attendance_lists(struct roster *roster);
NODISCARD bool attendance_notes(struct roster *roster);
/* Fill meeting->present, absent, substitutes. */
NODISCARD bool attendance_result(struct roster *roster);

/* Sentences between two clean offsets that tell who was away and who came instead (attendance_sentence.c). */
NODISCARD bool attendance_sentences(struct roster *roster, size_t start, size_t end);
/* Before a point at a line's end: a bracket or a word that is too long to be short for another. */
bool attendance_closed(const char *point);
/* Where the sentence ends that begins at the clean offset, `end` at the latest. */
size_t attendance_sentence_end(const struct reading *reading, size_t at, size_t end);
/* "Fraværende var", "med undtagelse af": behind such words stand the absent. */
bool attendance_away_leads(struct span between);
/* "Som stedfortræder for N", "Mødt for N": the words before the name say that somebody came for it. */
bool attendance_replaced(const struct reading *reading, const struct sighting *sighting, struct span between);
/* "i stedet deltog": behind such words, and as long as `came` lasts, stand those who came for the absent. */
bool attendance_came(struct span between, bool came);

/* Was he there for a part of the meeting only, by the words around his name: came late, left early, took part from
 * elsewhere (there), or stood aside in an item (aside)? `kind`: the list that the name is on, LIST_MEMBERS in
 * a sentence (attendance_stay.c). */
enum stay { STAY_UNTOLD, STAY_PARTLY, STAY_ASIDE };
/* The same of a cell of a table that tells of one member. */
enum stay attendance_some(struct span told);
enum stay attendance_stay(const struct reading *reading, const struct sighting *sighting, enum list_kind kind);
/* May the words of a whole line tell any of it, in a sentence? Asked once a line. */
bool attendance_stays(const struct text_sieve *line);

/* "den 26. september": the words speak of one day of a meeting on two. */
bool attendance_one_day(struct span clause);

/* What stands behind the sighting on its line, 160 bytes of it at most; a bracket may stand on the line below. */
struct span sighting_behind(const struct reading *reading, const struct sighting *sighting);
/* Its name as the text has it. */
static inline struct span sighting_name(const struct reading *reading, const struct sighting *sighting)
{
    return reading_cut(reading, sighting->start, sighting->end);
}
/* The text shows it to be a member (elected.c). */
bool sighting_is_elected(const struct reading *reading, const struct sighting *sighting);
/* The words are the name of a party, or, without a party's letter behind them, of a street, a house or a body
 * (nobody.c). */
bool sighting_is_place(const struct reading *reading, const struct sighting *sighting);
/* The same, or an address stands behind them: "Strandvejen 4". */
bool sighting_is_nobody(const struct reading *reading, const struct sighting *sighting);
/* "I stedet deltog N og N.": a sentence that names those who came for the absent; `before` is what precedes the name.
 */
bool sighting_came_instead(struct span before);
/* The sighting stands in an item "Fraværende", whose decision names who was away. */
bool in_absence_item(const struct reading *reading, const struct sighting *sighting);
/* Behind the last line of the list of names that the line begins. */
size_t roster_end(const struct reading *reading, size_t line);
/* Cut runs of names without separators where one name ends (run.c); false if the arena is full. */
NODISCARD bool runs_split(struct reading *reading);
/* The line stands in the decision that this meeting took on its item: absences of earlier bodies do not count. */
bool in_own_decision(const struct reading *reading, size_t line);
/* Index of the first sighting that begins at or behind `at`. */
size_t sighting_from(const struct reading *reading, size_t at);

#endif
