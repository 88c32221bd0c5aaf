/* entity_person: words that may be a person's full name, and the titles before them.
 *
 * A full name is two to five capitalised words; initials and particles (von, de, af) count as words. Whether it is a
 * person, and which, roster.c decides. Source: Familieretsstyrelsen on names, minutes. */
#include "glance.h"
#include "person.h"

#include "bytes.h"
#include "word_class.h"

#include <string.h>

/*!re2c
    re2c:define:YYCTYPE = "unsigned char";
    re2c:define:YYCURSOR = cursor;
    re2c:define:YYMARKER = marker;
    re2c:yyfill:enable = 0;

    small = [a-zæøåéäöüèáóíúñçßšžćčłńğışđřěůýêîôâëïãõąężźśőűțăĺ];
    capital = [A-ZÆØÅÉÄÖÜÁÓÍÚŠŽĆČŁÞİŞÇĐŻŚŐ];
    letter = small | capital;
    sp = " "{1,2};
*/

enum name_word { NAME_END, NAME_CAP, NAME_INITIAL, NAME_PARTICLE };

static enum name_word name_word_any(const unsigned char **at)
{
    const unsigned char *cursor = *at, *marker = cursor;
    (void)marker;
    /*!re2c
    // "Eva Brask For Eva Brask deltog ...": transcripts lose the point before the next sentence
    ("For" | "Som" | "Til" | "Ved" | "Fra" | "Med" | "Efter" | "Der" | "Det" | "Den" | "Og" | "Men" | "Hvis"
        | "Dette" | "Han" | "Hun") " " { return NAME_END; }
    // Jensen, Daa-Kvist, Fobian-Madsen, McDonald, O'Brien
    capital small+ ([-'’] capital? small+)* | capital small* capital small+ ([-] capital small+)* | capital ['’] capital small+ { return *at = cursor, NAME_CAP; }
    // P.   H.C.   Th.
    capital "." (capital ".")? | ("Th" | "Chr" | "Kr" | "Aa" | "Fr" | "Joh" | "Vald" | "Alb" | "Edv" | "Ejn"
        | "Ferd" | "Herm" | "Jac" | "Jul" | "Math" | "Nic" | "Osc" | "Ped" | "Rasm" | "Sev" | "Sv" | "Sør" | "Theod"
        | "Thorv" | "Johs" | "Hj" | "Ths" | "Jørg" | "Kn" | "Gunn" | "Marg" | "Krist" | "Kath" | "Vilh" | "Wilh" | "Andr" | "Laur" | "Aug" | "Sdr" | "Ndr" | "Skt" | "Gl" | "Sct" | "Chrf"
        | "Bernh" | "Carst" | "Frd" | "Fred" | "Gotfr" | "Henr" | "Magn" | "Mort" | "Sigfr" | "Torv" | "Vict") "."
        | capital " ." { return *at = cursor, NAME_INITIAL; }
    // Viola R Mosefelt
    capital " " { cursor--; return *at = cursor, NAME_INITIAL; }
    // Harald de Brouck, Alberte von Ahlen, Naja af Lindenskov
    ("von" | "van" | "de" | "da" | "der" | "af" | "la" | "le" | "del" | "di" | "du" | "den" | "el" | "al" | "bin"
       
        | "ibn" | "ten" | "zu"
        | "van der" | "van den" | "von der"
        | "de la") " " { cursor--; return *at = cursor, NAME_PARTICLE; }
    * { return NAME_END; }
    */
}

/* The usual word of a name by a glance, others by the rules. */
static enum name_word name_word(const unsigned char **at)
{
    const unsigned char *stop = (const unsigned char *)glance_plain((const char *)*at);
    bool small = **at >= 'a' && **at <= 'z';
    if (!stop)
        return **at < 'A' || (small && !glance_particle((char)**at)) ? NAME_END : name_word_any(at);
    /* "For ", "Som ", which end a name, are words of sentences, as others of their length are */
    if (*stop == ' ' && stop - *at <= 5 && word_class((const char *)*at, (const char *)stop) & CLASS_FUNCTION)
        return name_word_any(at);
    return *at = stop, NAME_CAP;
}

struct name_match name_at(const char *at, const char *end)
{
    struct name_match match = {0};
    const unsigned char *start = (const unsigned char *)at, *cursor = start;
    size_t taken = 0; /* words up to the last real name */
    while (match.words < NAME_WORDS) {
        const unsigned char *next = cursor;
        enum name_word word = name_word(&next);
        bool first = match.words == 0;
        if (word == NAME_END || (first && word == NAME_PARTICLE) || (const char *)next > end)
            break;
        match.word[match.words].start = (size_t)(cursor - start);
        match.word[match.words].end = (size_t)(next - start);
        match.words++;
        if (word == NAME_CAP)
            taken = match.words;
        if (*next == '-' && next[1] == ' ' && match.words > 2) { /* "Leif Skov\nKultur- og Fritidsudvalget" */
            match.words--;
            taken = taken > match.words ? match.words : taken;
            break;
        }
        size_t white = *next == ' ' ? (next[1] == ' ' ? 2 : 1) : *next == '\n' ? 1 : word == NAME_INITIAL ? 0 : 9;
        if (*next == '\n')
            while (next[white] == ' ')
                white++;
        if (white == 9 || (const char *)next + white > end)
            break;
        cursor = next + white;
    }
    match.words = taken;
    match.size = taken ? match.word[taken - 1].end : 0;
    return match;
}

/* Titles and trades by the end of the word, so that "vicekommunaldirektør" is found too. */
enum role role_of(const char *at, const char *end)
{
    static const struct {
        enum role role;
        struct span word;
    } roles[] = {
#define ROLE(role, word) {role, WORD(word)},
#include "role.def"
#undef ROLE
    };
    struct span text = {at, (size_t)(end - at)};
    static const struct tail_list list = {role_first, role_next};
    for (size_t i = tail_first(&list, end, text.size); i; i = role_next[i - 1]) {
        struct span word = roles[i - 1].word;
        if (!word_ends(text, word) && text.size != word.size)
            continue;
        bool whole =
            text.size == word.size && (at[0] | 0x20) == word.at[0] && memcmp(at + 1, word.at + 1, word.size - 1) == 0;
        bool tail = text.size > word.size + 1 && roles[i - 1].role == ROLE_OFFICIAL;
        if (whole || tail)
            return roles[i - 1].role;
    }
    return ROLE_NONE;
}
