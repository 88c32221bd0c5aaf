/* head: what the files of the head share: times of day and the body that met. Used inside the head stage only. Pure. */
#ifndef REFERENT_HEAD_H
#define REFERENT_HEAD_H

#include "reading.h"

/* A time of day at `at`: 15:30, 16.30, 17:00:00, 19, 19.oo; "HH:MM" in out. Gives its size, 0 if none stands there
 * (head_time.c). */
size_t time_at(const char *at, const char *end, char out[6]);
/* The first time in the text; with "kl." before it, or with minutes. Gives the offset behind it, 0 if none. */
size_t time_find(struct span text, char out[6]);
/* Fills a slot of the meeting with a copy in the arena; a slot that is filled stays as it is. */
void time_put(struct reading *reading, struct span *slot, const char *time);
/* Start and, behind a dash, end: "Kl. 19:00-21:00"; `plain`: a time needs neither "kl." nor minutes. */
void times_of(struct reading *reading, struct span text, bool plain);
/* "Mødet startet: Mødet sluttet: ... Kl. 15.30 Kl. 18.10": labels first, then both times side by side. */
void times_side_by_side(struct reading *reading, size_t line);
/* "Mødedato: / Mødet startet: / Mødet slut: 6. maj 2002 Skolen 16:00 18:20": labels without values, and behind the last
 * of them the values of all, the day first; in the first lines before `end`. */
void times_behind_labels(struct reading *reading, size_t end);
/* "Mødetidspunkt: / Mødet hævet: / ... / Kl. 15.00 / Kl. 17.50": both labels without a value, then both times, each on
 * a line of its own before `end`. */
void times_below(struct reading *reading, size_t end);
/* "Mødet sluttede kl. 20.35", "Mødet begyndte kl. 16.00 og sluttede kl. 20.35", "Mødet hævet kl. 13.03"; `inner`: the
 * text holds such a sentence behind another. */
void times_closing(struct reading *reading, size_t line, bool inner);

/* The name of a body in a line of the head, without what leads and ends a title; empty if it names none
 * (head_committee.c). */
struct span committee_of(struct span text);
/* The same of the value of a label: the label tells that it is a name, only a word for a body must be in it; not even
 * that if the label is `sure`, as "Udvalg:" is. */
struct span committee_labelled(struct span value, bool sure);
/* The body that the line names; below the council's name, which heads the paper, the committee that met. `end`: the
 * line behind the head. */
struct span committee_on(const struct reading *reading, size_t line, size_t end);
/* "Byrådets beslutning i mødet", "Beslutning i Byrådet": the body in the heading of the meeting's own decision. */
struct span committee_of_decision(const struct reading *reading);
/* A line at the top that holds no word for a body, "Social og Sundhed", if an item proposes something to it. */
struct span committee_proposed_to(const struct reading *reading, size_t end);

#endif
