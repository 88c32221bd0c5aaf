/* vote_word: what one word of a decision tells about a vote. One rule a kind; letters' case aside. Source: minutes. */
#include "vote.h"

/*!re2c
    re2c:define:YYCTYPE = "unsigned char";
    re2c:define:YYCURSOR = cursor;
    re2c:define:YYMARKER = marker;
    re2c:yyfill:enable = 0;
    sp = [ \n]{1,2};
    letter = [a-zA-Z0-9\x80-\xFF];
    end = [^a-zA-Z0-9\x80-\xFF];
    capital = [A-ZÆØÅ];
    small = [a-zæøåéü];
    party = capital | "DF" | "SF" | "EL" | "RV" | "KF" | "LA" | "NB" | "KD" | "UP" | "ALT" | "Alt" | "Bp" | "BP" | "UFP"
        | "UFG" | "CD" | "FP" | "LL" | "BL" | "SP" | "DD" | "SFP" | "FG" | "KRF" | "Krf";
    apostrophe = "'" | "’" | "´";
    // who cannot follow a proposal: "tiltræde", "gå ind for"
    agree = 'tiltræde' | 'tilslutte' sp 'sig' | 'anbefale' | 'godkende' | 'støtte' | 'medvirke' | 'bakke' sp 'op'
        | 'følge' | 'acceptere' | 'bifalde' | 'gå' sp 'ind' sp 'for' | 'stemme' sp 'for' | 'deltage' sp 'i' sp 'beslutningen'
        | 'stå' sp 'bag' | 'vedtage' | 'være' sp 'med' | 'indgå' sp 'i' | 'indstille' | 'imødekomme' | 'tilslutte'
        | 'stemme' sp 'ja';
    assent = 'tiltræder' | 'tilslutter' sp 'sig' | 'anbefaler' | 'godkender' | 'støtter' | 'bakker' sp 'op'
        | 'bifalder' | 'går' sp 'ind' sp 'for' | 'accepterer' | 'tiltrådte' | 'tilsluttede' sp 'sig' | 'anbefalede'
        | 'godkendte' | 'støttede' | 'bifaldt' | 'gik' sp 'ind' sp 'for' | 'vedtog' | 'vedtager' | 'indstiller'
        | 'indstillede' | 'medvirker' | 'står' sp 'bag' | 'følger' | 'fulgte';
*/

/* Behind the letters and figures at `at`. */
static const unsigned char *word_end(const unsigned char *at, const unsigned char *end)
{
#ifdef __SSE2__
    for (; at < end; at += 16) {
        unsigned others = ~bytes_words((const char *)at) & 0xFFFF;
        if (others)
            return at + __builtin_ctz(others) < end ? at + __builtin_ctz(others) : end;
    }
    return end;
#else
    while (at < end && ((*at >= '0' && *at <= '9') || ((*at | 0x20) >= 'a' && (*at | 0x20) <= 'z') || *at >= 0x80))
        at++;
    return at;
#endif
}

/* Where the sign that ends at `at` begins: what stands behind a word may have several bytes, as ” has. */
static const unsigned char *sign_before(const unsigned char *at)
{
    for (at--; (*at & 0xC0) == 0x80; at--)
        continue;
    return at;
}

enum vote_kind vote_word_at(const unsigned char **at, const unsigned char *end, enum side *side,
                            const unsigned char **voter, bool cast)
{
    const unsigned char *cursor = *at, *marker = cursor;
    (void)marker;
#define KIND(what) return *at = cursor < end ? cursor : end, (what)
#define SIDED(what) return *side = (what), *at = cursor < end ? cursor : end, VOTE_SIDE
    /*!re2c
    // Parties, as printed, also "A's" and "A-gruppen"; "A/S" and "Model A" are none.
    ("A" | "I" | "K" | "P") "/" "S" end { cursor = sign_before(cursor); KIND(VOTE_WORD); }
    ('model' | 'bilag' | 'alternativ' | 'forslag' | 'punkt' | 'pkt.' | 'scenarie' | 'scenarium' | 'type' | 'klasse'
        | 'etape' | 'variant' | 'løsning' | 'afsnit' | 'delområde' | 'område' | 'hal' | 'bane' | 'blok' | 'fase'
        | 'vitamin' | 'kategori' | 'litra' | 'gade') sp capital end { cursor = sign_before(cursor); KIND(VOTE_WORD); }
    "I" sp small small | "I" sp "og" sp "med" end { cursor = *at + 1; KIND(VOTE_WORD); }
    // "V, F og I godkendte", "V, I og N": the party I, where what follows goes on with voters or tells what they did
    "I" sp ('og' | 'samt' | 'stemte' | 'stemmer' | 'undlod' | 'undlader' | 'tog' | 'tager' | 'imod' | 'kan' | 'kunne'
        | 'ønsker' | 'ønskede' | assent) end { *voter = cursor = *at + 1; KIND(VOTE_VOTER); }
    ('i' sp 'alt' | 'ialt') end { cursor = sign_before(cursor); KIND(VOTE_FILL); }
    // "(C, V, B og Løsgænger)": who stands alone counts as a party among parties
    'løsgænger' (")" | "," | sp ('og' | 'samt') end) { *voter = cursor = word_end(*at, end); KIND(VOTE_VOTER); }
    party end { *voter = cursor = sign_before(cursor); KIND(VOTE_VOTER); }
    party "-" ('gruppen' | 'gruppe' | 'listen' | 'medlemmer' 'ne'?) 's'? end {
        *voter = *at;
        cursor = sign_before(cursor);
        while (**voter != '-')
            ++*voter;
        KIND(VOTE_VOTER);
    }
    party apostrophe 's'? end {
        *voter = *at;
        cursor = sign_before(cursor);
        while (**voter != '\'' && **voter != 0xE2 && **voter != 0xC2)
            ++*voter;
        KIND(VOTE_VOTER);
    }
    party "-" letter { cursor = word_end(cursor, end); KIND(VOTE_WORD); }

    // Voters that are named by the full name of a party, or by how many are left.
    ('socialdemokrati' ('et' | 'ets') | 'socialdemokrater' 'ne'? 's'? | 'venstre' 's'? | ('det' sp)? 'konservative' 's'? (sp 'folkeparti' 's'?)?
        | 'de' sp 'konservative' | 'dansk' sp 'folkeparti' 's'? | 'enhedslisten' 's'? (sp "-" sp 'de' sp 'rød-grønne')? | 'alternativet' 's'?
        | (('det' | 'de') sp)? 'radikale' 's'? (sp 'venstre' 's'?)? | 'socialistisk' sp 'folkeparti' 's'? | 'liberal' sp 'alliance' 's'?
        | 'nye' sp 'borgerlige' 's'? | 'kristendemokraterne' 's'? | 'frie' sp 'grønne' | 'moderaterne' | 'danmarksdemokraterne'
        | 'kristeligt' sp 'folkeparti' | 'fremskridtspartiet' | 'centrum-demokraterne' | 'slesvigsk' sp 'parti') end { cursor = sign_before(cursor); KIND(VOTE_GROUP); }
    ('alle' | 'ingen' | ('de' sp)? 'øvrige' | 'resten' | 'andre' | 'udvalget' 's'? | 'byrådet' 's'? | 'rådet' | 'regionsrådet'
        | 'kommunalbestyrelsen' 's'? | 'partiet' | 'partierne' | 'gruppen' | 'samtlige' | 'begge') end { cursor = sign_before(cursor); KIND(VOTE_GROUP); }
    // "de øvrige medlemmer af A": the party, as split as it is
    (('de' sp)? ('øvrige' | 'resterende' | 'andre') sp ('medlemmer' | 'byrådsmedlemmer') sp ('af' | 'fra' | 'i') (sp 'liste')? | 'resten' sp 'af' (sp 'liste')?
        | ('øvrige' | 'resterende') sp ('liste')) end { cursor = sign_before(cursor); KIND(VOTE_FILL); }
    ('medlemmer' 'ne'? | 'medlem' 'met'? | 'liste' | 'lister' 'ne'? | 'gruppe' | 'grupper' 'ne'? | 'byrådsmedlem' ('mer' 'ne'?)?
        | 'borgmester' 'en'? | 'viceborgmester' 'en'? | 'formand' 'en'? | 'næstformand' 'en'? | 'udvalgsformand' 'en'?
        | 'rådmand' 'en'? | 'gruppeformand' 'en'? | 'løsgænger' ('en' | 'ne')? | 'følgende' | 'bl.a.' | 'nemlig' | 'herunder'
        | 'stk.' | 'parti') end { cursor = sign_before(cursor); KIND(VOTE_FILL); }
    'fra' end { cursor = sign_before(cursor); KIND(VOTE_FROM); }

    // What stands between voters and clauses.
    ("+" | "&" | "/") { KIND(VOTE_JOIN); }
    ('og' | 'samt') end { cursor = sign_before(cursor); KIND(VOTE_JOIN); }
    "," { KIND(VOTE_COMMA); }
    ('mens' | 'men' | 'medens' | 'hvorimod' | 'hvorefter' | 'imens') end { cursor = sign_before(cursor); KIND(VOTE_CLAUSE); }
    ([0-9]{1,3} | 'to' | 'tre' | 'fire' | 'fem' | 'seks' | 'syv' | 'otte' | 'ni' | 'ti' | 'elleve' | 'tolv' | 'tretten'
        | 'fjorten' | 'femten' | 'seksten' | 'sytten' | 'atten' | 'nitten' | 'tyve' | ("é" | "É") [nt] | "èn" | "èt"
        | [0-9] "-" [0-9]) end { cursor = sign_before(cursor); KIND(VOTE_COUNT); }
    "(" { KIND(VOTE_OPEN); }
    ")" { KIND(VOTE_CLOSE); }
    ":" { KIND(VOTE_COLON); }
    "-" | "–" | "•" | "·" | "*" | "=" { KIND(VOTE_DASH); }
    "\t" | "|" { KIND(VOTE_CELL); }
    ";" | "!" | "?" { KIND(VOTE_STOP); }

    // Sides, and the verb that casts a vote.
    ('for' | 'herfor' | 'ja') end { cursor = sign_before(cursor); SIDED(SIDE_FOR); }
    ('imod' | 'mod' | 'i' sp 'mod' | 'herimod' | 'derimod' | 'nej') end { cursor = sign_before(cursor); SIDED(SIDE_AGAINST); }
    ('hverken' sp ('for' | 'ja') sp 'eller' sp ('imod' | 'mod' | 'nej') | 'hverken/eller' | 'blankt' | 'blank' 'e'?) end { cursor = sign_before(cursor); SIDED(SIDE_ABSTAIN); }
    ('ja-stemme' 'r'? | 'jastemme' 'r'?) end { cursor = sign_before(cursor); SIDED(SIDE_FOR); }
    ('nej-stemme' 'r'? | 'nejstemme' 'r'?) end { cursor = sign_before(cursor); SIDED(SIDE_AGAINST); }
    'for' sp ('at' | 'så' sp 'vidt') end { /* "stemte for at give tilladelse" */
        cursor = *at + 3;
        if (cast)
            SIDED(SIDE_FOR);
        KIND(VOTE_WORD);
    }
    ('ligesom' | 'sammen' sp 'med' | 'tillige' sp 'med' | 'det' sp 'samme' sp 'gjorde') end { cursor = sign_before(cursor); KIND(VOTE_LIKE); }
    also = sp ('dog' | 'også' | 'ligeledes' | 'fortsat' | 'derfor' | 'samlet'); // "stemte dog imod"
    ('stemte' also? | 'stemmer' ('ne' | also)? | 'stemt' | 'stemme' 's'? | 'stemtes') end { cursor = sign_before(cursor); KIND(VOTE_CAST); }
    (('undlod' | 'undlader' | 'undlade' | 'undladt') also? (sp 'at' sp ('stemme' | 'afgive' sp 'stemme' | 'deltage' sp 'i' sp 'afstemningen'))?
        | ('afholdt' | 'afholder') sp 'sig' (sp 'fra' sp ('at' sp 'stemme' | 'afstemning' 'en'?))?
        | ('afstod' | 'afstår') (sp 'fra' sp ('at' sp 'stemme' | 'afstemning' 'en'? | 'stemmeafgivning'))?
        | ('afgav' | 'afgiver') sp ('blank' 'e'?) sp ('stemme' 'r'?)
        | 'hverken' sp ('stemte' | 'stemmer') sp 'for' sp 'eller' sp ('imod' | 'mod')) end { cursor = sign_before(cursor); KIND(VOTE_IDLE); }
    ('er' | 'var' | 'gik' | 'går' | ('erklærede' | 'erklærer' | 'udtalte' | 'udtaler') sp 'sig') end { cursor = sign_before(cursor); KIND(VOTE_BE); }

    // Who follows a proposal and who does not.
    ('kan' | 'kunne' | 'vil' | 'ville') end { cursor = sign_before(cursor); KIND(VOTE_MODAL); }
    ('ønsker' | 'ønskede') sp ('ikke' sp)? 'at' sp ('ikke' sp)? ('tiltr' | 'medvirke' | 'godkende' | 'anbefale' | 'støtte') {
        for (cursor = *at; *cursor != ' ' && *cursor != '\n';)
            cursor++;
        KIND(VOTE_MODAL);
    }
    ('ikke' (sp 'at')?) end { cursor = sign_before(cursor); KIND(VOTE_NOT); }
    assent end { cursor = sign_before(cursor); KIND(VOTE_ASSENT); }
    agree end { cursor = sign_before(cursor); KIND(VOTE_AGREE); }
    ('dissentierede' | 'dissenterede' | 'dissentierer') end { cursor = sign_before(cursor); KIND(VOTE_WORD); }
    'flertal' 'let'? end { cursor = sign_before(cursor); KIND(VOTE_MAJORITY); }
    'mindretal' 'let'? end { cursor = sign_before(cursor); KIND(VOTE_MINORITY); }
    ('undtagen' | 'med' sp 'undtagelse' sp 'af' | 'undtaget' | 'bortset' sp 'fra' | 'på' sp 'nær' | 'minus' | 'eksklusive'
        | 'alle' sp ('mod' | 'imod')) end { cursor = sign_before(cursor); KIND(VOTE_EXCEPT); }
    'med' end { cursor = sign_before(cursor); KIND(VOTE_WITH); }
    ('af' | ('bestående' | 'består' | 'bestod' | 'udgjort' | 'udgøres') sp 'af') end { cursor = sign_before(cursor); KIND(VOTE_BY); }
    ('som' | 'der' | 'idet' | 'at') end { cursor = sign_before(cursor); KIND(VOTE_THAT); }
    ('hun' | 'han') end { cursor = sign_before(cursor); KIND(VOTE_PRONOUN); }

    // What became of what was voted on, and what that was.
    ('vedtaget' | 'vedtages' | 'godkendt' 'es'? | 'godkendes' | 'tiltrådt' 'es'? | 'tiltrædes' | 'anbefales' | 'anbefalet' | 'indstilles'
        | 'støttes' | 'bifaldt' | 'støttet') end { cursor = sign_before(cursor); KIND(VOTE_CARRIED); }
    ('forkastet' | 'forkastedes' | 'forkastes' | 'forkastede' | 'faldt' | 'faldet' | 'nedstemt' | 'afvist' 'es'? | 'afvises' | 'bortfaldt'
        | 'bortfalder' | 'afslået' | 'falder') end { cursor = sign_before(cursor); KIND(VOTE_FELL); }
    ("ændringsforslag" | "Ændringsforslag" | 'underændringsforslag' | "ÆF" | 'modforslag') { cursor = word_end(cursor, end); KIND(VOTE_AMENDMENT); }
    ('indstilling') { cursor = word_end(cursor, end); KIND(VOTE_MAIN); }
    ('hovedforslaget' | 'det' sp 'samlede' sp 'forslag' | 'forslaget' sp 'som' sp 'helhed'
        | 'det' sp 'oprindelige' sp 'forslag' | 'budgetforslaget') end { cursor = sign_before(cursor); KIND(VOTE_MAIN); }
    (('forbehold' 'et'?) | 'erklærer' | ('ønsker' | 'ønskede' | 'ønske') | 'foreslog' | 'foreslår' | 'begærede' | 'begærer' | 'til' sp? 'stede'
        | 'mødt' 'e'? | 'fremmødt' | 'fraværende' | 'afbud' | 'deltog') end { cursor = sign_before(cursor); KIND(VOTE_WISH); }
    * { cursor = word_end(*at, end); KIND(VOTE_WORD); }
    */
#undef KIND
#undef SIDED
}
