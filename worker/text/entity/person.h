/* person: sightings of people in the clean text, and who they are.
 *
 * Reading people takes two looks: the pass over the text collects everything that may be a full name with what stands
 * around it (sighting), and when the whole text is known, roster.c says who is who. Pure. */
#ifndef REFERENT_PERSON_H
#define REFERENT_PERSON_H

#include "entity.h"

enum role { ROLE_NONE, ROLE_ELECTED, ROLE_CHAIR, ROLE_OFFICIAL };

/* The role that the word from `at` to `end` names. */
enum role role_of(const char *at, const char *end);

struct sighting {
    uint32_t start, end; /* clean offsets of the name */
    uint32_t after;      /* behind the party's bracket, if there is one */
    uint32_t line;       /* index of the line it begins on; the roster stage sets it */
    struct span party;   /* letters as printed, empty if none */
    uint8_t words;
    uint8_t role;  /* enum role of the word before */
    uint8_t given; /* the first word is a known first name */
    uint8_t weak;  /* the words may as well be something else: an organisation was found there */
    uint8_t line_start;
    int32_t person; /* index into people, -1 if nobody */
};
struct sighting_list {
    struct sighting *items;
    size_t count, capacity;
};

/* What first name the word is (word_class.h); an initial is one. */
unsigned given_class(struct span word);
bool is_given_name(struct span word);
bool is_common_name(struct span word);
/* A party in brackets or behind a comma at `at`: its letters, and the size of all of it; size 0 if there is none. */
struct party_match {
    size_t size;
    size_t start, end; /* of the letters */
};
struct party_match party_at(const char *at, const char *end);
/* "A", "Ø", "DF", "Løsgænger": may these letters stand for a party? */
bool is_party(struct span letters);

#endif
