/* outcome: words that tell what became of an item, in one sentence. What sentences together tell is in ruling.c.
 * Source: tests/golden/README.md, minutes.
 * A new rule may want a line in opener.def: what rules begin with stands there too. */
#include "bytes.h"
#include "decision.h"
#include "word_lookup.h"
#include "opener.h"
#include "telling.h"
#include "words.h"

#include <assert.h>
#include <string.h>

/*!re2c
    re2c:define:YYCTYPE = "unsigned char";
    re2c:define:YYCURSOR = cursor;
    re2c:define:YYMARKER = marker;
    re2c:yyfill:enable = 0;
    sp = [ \n]+;
    word = [a-zA-ZæøåÆØÅ-]+;
    aa = 'å' | 'aa'; // also as it was written before 1948
*/

enum hit {
    HIT_NONE, /* first come those that name an outcome, in the order of enum outcome's table below */
    HIT_APPROVED,
    HIT_RECOMMENDED,
    HIT_NOTED,
    HIT_DISCUSSED,
    HIT_POSTPONED,
    HIT_REJECTED,
    HIT_REFERRED,
    HIT_OTHER,
    HIT_NOT,
    HIT_AMENDMENT,
    HIT_WISH,
    HIT_SUBJECT,
    HIT_PROPOSAL,
    HIT_THAT,
    HIT_AGENDA,
    HIT_OTHER_ITEM,
    HIT_BODY,      /* the body itself speaks: "Udvalget kan ikke ..." */
    HIT_WHOLE,     /* "Et enigt udvalg", "Et flertal": the body as well */
    HIT_CANNOT,    /* "kan ikke godkende": a refusal if the body says it, a vote against if a member does */
    HIT_POSTPONING, /* "Udsættelse" as the first word */
    HIT_WANTING,    /* "ønskede sagen udsat": postponed if the body says it, a wish if a member does */
    HIT_DEBATE,     /* "Drøftelse", "Ja", "Nej" as the first word */
    HIT_YES,
    HIT_NO,
    HIT_BACK,   /* "Tilbage til udvalget" as the first words */
    HIT_RESULT, /* "Resultat: vedtaget": of the vote told before */
    HIT_AFTER,  /* "Efter indstillingen" as the first words */
    HIT_VOTED,  /* "stemte for, at sagen udsættes": what some voted for is no outcome */
    HIT_HENCE,  /* "hermed", "hvorefter": what follows is one */
    HIT_FALLS,  /* "falder": of a proposal, not of a price */
    HIT_RESUMED,  /* "tages igen på næste møde": behind another answer it says what comes then */
    HIT_DECIDED,  /* "besluttede": what was decided stands behind it in the infinitive, or any verb does */
    HIT_INFINITIVE, /* "at": behind HIT_DECIDED what was decided follows */
    HIT_APPROVE,  /* infinitives behind "besluttede at": in the order of enum outcome's table */
    HIT_RECOMMEND,
    HIT_NOTE,
    HIT_DISCUSS,
    HIT_POSTPONE,
    HIT_REJECT,
    HIT_REFER
};

/* What the word at *at tells; *at moves behind it. */
static enum hit hit_at(const unsigned char **at)
{
    const unsigned char *cursor = *at, *marker = cursor;
    (void)marker;
#define HIT(what) return *at = cursor, (what)
    /*!re2c
    // approved
    'godkendt' 'e'? 's'? | 'bevilgedes' | 'vedtoges' | 'bevillige' [td] ('e' | 'es')? | 'bevilliger' | 'approberet' | 'approberedes' | 'bifaldes' | 'bifaldtes' | 'imødekommer' | 'godkendes' | 'godkender'
        | 'vedtaget' | 'vedtagne' | 'vedtog' | 'vedtages' | 'vedtager' | 'tiltr' aa 'dt' ('e' | 'es')? | "TILTRÅDT"
        | 'tiltræder' | 'tiltrædes' | 'bevilget' | 'bevilgede' | 'bevilges' | 'bevilger' | 'bifaldt' | 'imødekommet'
        | 'imødekommes' | 'stadfæstet' | 'stadfæstes' | 'meddelt' | 'frigivet' | 'frigives' | 'frigiver'
        | 'tilsluttes' | 'tilslutter' sp 'sig' | 'tilsluttede' sp 'sig' | 'tilsluttet' | 'imødekom' | 'antages' | 'antoges' | 'antaget' | 'godk' | 'vedt' | 'bifaldet' | 'bifalder' | 'accepteret'
        | 'accepteres' | 'accepterede' | 'accepterer' | 'enstemmig' sp 'godkendelse' | 'ydes' | 'ydet' | 'yder' sp ('et' sp)? ([0-9] | 'tilskud' | 'kr')
        | ('sagde' | 'siger') sp 'ja' | ('gav' | 'giver') sp (word sp)? 'tilslutning' | 'enig' ('t' | 'e')? sp 'i' sp word? 'indstillingen'
        | 'tilslutning' sp ('til' | 'hertil') | 'enighed' sp 'om' sp (word sp)? ('indstilling' 'en'? | 'forslaget')
        | ('tages' | 'taget' | 'toges') sp 'til' sp 'følge' | 'indforstået' sp 'med' { HIT(HIT_APPROVED); }
    // the recommendation is followed: "Indstillingen følges", "Som indstillet", "i overensstemmelse med indstillingen"
    ('følger' | 'fulgte') sp 'ikke' sp (word sp)? 'indstilling' 'en'? { HIT(HIT_CANNOT); }
    'som' sp ('indstillet' | 'foreslået') | ('indstilling' 'en'? | 'forslag' 'et'?) sp (('er' | 'blev' | 'bliver') sp)? ('følges' | 'fulgt')
        | 'i' sp 'henhold' sp 'til' sp (word sp)? 'indstillingen'
        | ('følger' | 'fulgte') sp (word sp)? 'indstilling' 'en'?
        | ('i' sp)? 'overensstemmelse' sp 'med' sp (word sp)? 'indstillingen' { HIT(HIT_APPROVED); }
    ('kan' | 'kunne') sp ('tiltræde' | 'tiltrædes' | 'godkende' | 'godkendes' | 'imødekomme' | 'bevilge' | 'støtte'
        | 'tilslutte' sp 'sig') { HIT(HIT_APPROVED); }
    'efter' sp (word sp)? 'indstilling' 'en'? | 'følges' { HIT(HIT_AFTER); }
    'resultat' 'et'? { HIT(HIT_RESULT); }
    'ja' { HIT(HIT_YES); }
    'nej' { HIT(HIT_NO); }
    // leave that is given: "Der gives dispensation", "Byrådet meddelte samtykke", "Dispensation meddeles"
    leave = 'dispensation' 'en'? | 'tilladelse' | word 'tilladelse' | 'samtykke' | 'tilsagn' | 'bevilling' 'en'?
        | word 'bevilling' 'en'? | 'tilladelsen' | 'kommunegaranti' 'en'? | 'garanti' 'en'? | 'tilskud' 'det'?;
    ('gives' | 'giver' | 'gav' | 'givet' | 'meddeles' | 'meddeler' | 'meddelte' | 'ydes' | 'yder') sp ('den' sp | 'det' sp)? ('ansøgte' sp)? leave { HIT(HIT_APPROVED); }
    ('har' | 'havde') sp 'givet' { HIT(HIT_NONE); } // somebody else has
    leave sp (('blev' | 'er') sp)? ('meddeles' | 'meddelt' | 'gives' | 'givet' | 'ydes' | 'stilles' | 'stillet') { HIT(HIT_APPROVED); }
    ('gives' | 'giver' | 'gav' | 'meddeles' | 'meddeler' | 'meddelte' | 'ydes' | 'yder') sp 'ikke' sp leave { HIT(HIT_REJECTED); }
    // recommended to another body
    'anbefalet' | 'anbefales' | 'anbefaler' | 'anbefalede' | 'anbefaledes' | 'indstilles' | 'indstillet'
        | 'indstillede' | 'indstilledes' | 'indstiller' | 'anb' | ('tiltrædes' | 'tiltr' aa 'dt' | 'godkendt' | 'godkendes') sp ('over' sp 'for' | 'overfor') { HIT(HIT_RECOMMENDED); }
    // handed on with a recommendation, or without
    handed = ('fremsender' | 'fremsendes' | 'fremsendt' | 'oversendes' | 'oversendt' | 'videresendes' | 'videresendt' | 'tiltrædes'
        | 'tiltrådt' | 'sendes' | 'sendt' | 'forelægges') (sp word){0,5};
    ('godkendes' | 'godkendt') (sp word){0,5} sp 'med' sp 'anbefaling' { HIT(HIT_RECOMMENDED); }
    ('fremsendes' | 'fremsendt' | 'oversendes' | 'oversendt' | 'videresendes' | 'videresendt' | 'sendes') sp 'til' sp word sp ('godkendelse'
        | 'vedtagelse' | 'tiltrædelse') { HIT(HIT_RECOMMENDED); }
    ('tiltræder' | 'godkender' | 'følger' | 'tiltrådte') (sp word){0,4} sp 'og' sp ('anbefaler' | 'indstiller' | 'anbefalede') { HIT(HIT_RECOMMENDED); }
    handed sp 'uden' sp ('anbefaling' | 'indstilling') { HIT(HIT_REFERRED); }
    handed sp ('med' sp)? (word sp)? ('anbefaling' | 'indstilling') { HIT(HIT_RECOMMENDED); }
    'kan' sp 'anbefale' | 'kan' sp 'anbefales' | 'kunne' sp 'anbefale' { HIT(HIT_RECOMMENDED); }
    ('kan' | 'kunne') sp ('der' sp)? 'ikke' sp ('gives' | 'ydes' | 'meddeles' | 'tillades' | 'dispenseres' | 'tiltrædes' | 'godkendes' | 'anbefales' | 'imødekommes' | 'støttes' | 'bevilges') { HIT(HIT_REJECTED); }
    ('kan' | 'kunne' | 'ønsker' | 'vil') sp 'ikke' sp ('tiltræde' | 'godkende' | 'anbefale' | 'imødekomme' | 'støtte' | 'bevilge'
        | 'medvirke' | 'tilslutte' sp 'sig' | 'følge' sp 'indstillingen') { HIT(HIT_CANNOT); }
    ('ønsker' | 'ønskede') sp 'ikke' sp 'at' | 'følger' sp 'ikke' | 'fulgte' sp 'ikke' { HIT(HIT_CANNOT); }
    ('besluttede' | 'vedtog' | 'valgte') sp 'ikke' sp 'at' | ('følges' sp 'ikke' | 'ikke' sp ('fulgt' | 'følges')) | 'meddelt' sp 'afslag'
        | ('kunne' | 'kan') sp ('der' sp)? 'ikke' sp ('samle' | 'samles' | 'opnås' | 'opnå' | 'findes' | 'skabes') sp ('et' sp)? 'flertal'
        | ('vandt' | 'fik' | 'opnåede' | 'nød' | 'nyder' | 'vinder' | 'fandt' | 'finder') sp 'ikke' sp ('fornøden' sp | 'udvalgets' sp | 'rådets' sp)?
            ('tilslutning' | 'gehør' | 'opbakning' | 'fremme')
        | ('tages' | 'tage' | 'taget') sp 'ikke' sp 'til' sp 'følge' | 'ikke' sp ('taget' | 'tages') sp 'til' sp 'følge'
        | 'ikke' sp ('i' sp 'stand' sp 'til' | (word sp)? ('grundlag' | 'anledning') sp ('for' | 'til')) sp 'at' sp ('give' | 'imødekomme' | 'godkende' | 'meddele' | 'yde' | 'bevilge' | 'anbefale')
        | ('sagde' | 'siger') sp 'nej' { HIT(HIT_REJECTED); }
    ('ønskede' | 'ønsker') sp ('sagen' | 'punktet') sp ('udsat' | 'udskudt') { HIT(HIT_WANTING); }
    // taken note of
    'ad' sp 'notam' | 'orientering' 'en'? sp (('er' | 'blev') sp)? ('givet' | 'modtaget') | 'orienteret'
        | 'taget' sp 'til' sp 'notits' | 'givet' sp ('en' sp)? 'orientering' | 'noteret' | ('noterede' | 'noterer') sp 'sig' { HIT(HIT_NOTED); }
    'til' sp 'efterretning' | 'til' sp 'orientering' | 'til' sp 'efterr'? "." | 'til' sp 'eft' "." | 'taget' sp "t." sp? ("e." | "o.") | 'efterretning'
        | 'til' sp 'underretning' { HIT(HIT_NOTED); }
    word? 'drøftelse' 'n'? sp (('er' | 'blev') sp)? ('afholdt' | 'gennemført' | 'foretaget' | 'fandt' sp 'sted') { HIT(HIT_DISCUSSED); }
    ('havde' | 'var' | 'har' sp 'haft' | 'tog' | 'tager' | 'førte' | 'holdt' | 'afholdt' 'e'? | 'gennemførte' | 'foretog') sp (word sp){0,2} (word? 'drøftelse' | 'debat') { HIT(HIT_DISCUSSED); }
    // "Ø henviste til naboernes svar": who refers to something sends nothing anywhere
    'henvis' ('te' | 'er') sp 'til' { HIT(HIT_NONE); }
    (('indledende' | 'generel' | 'første' | 'kort' | 'åben' | 'fælles' | 'politisk' | 'god') sp)? ('drøftelse' 'r'? | 'temadrøftelse') { HIT(HIT_DEBATE); }
    'debatteret' | 'debatterede' 's'? | 'diskuteret' | 'diskuterede' 's'? { HIT(HIT_DISCUSSED); }
    'behandlet' sp ('for' sp 'lukkede' | 'i' sp 'lukket' | 'på' sp 'lukket' | 'under' sp 'lukket') { HIT(HIT_NONE); }
    'drøftet' | "DRØFTET" | "Drøftet" | 'drøftede' 's'? | 'drøftes' | 'behandlet' { HIT(HIT_DISCUSSED); }
    'udsat' | 'udsattes' | 'udsættes' | "Udsættes" | 'udsatte' | 'udsætter' | 'udskudt' | 'udskydes' | 'henlægges' sp 'til'
        | 'henst' aa 'r' | 'i' sp 'bero' | 'beror' | 'hviler' | 'udskød' | 'stillet' sp 'i' sp 'bero'
        { HIT(HIT_POSTPONED); }
    'genoptages' | 'genoptaget' | 'afventer' | 'afventes' | 'genbehandles'
        | ('tages' | 'optages') sp ('op' sp)? 'igen' | 'forelægges' sp ('igen' | 'påny' | 'på' sp 'ny')
        | ('tages' | 'optages' | 'behandles' | 'drøftes' | 'sættes' | 'kommer' | 'skal' | 'forelægges' | 'medtages') sp (('op' | 'igen') sp)*
            'på' sp ('et' sp | 'det' sp)? ('næste' | 'senere' | 'kommende' | 'førstkommende' | 'ekstraordinært') sp (word sp)? word? 'møde' 't'?
        | ('overføres' | 'overgår' | 'overført' | 'flyttes' | 'flyttet') sp 'til' sp ('næste' | 'et' sp 'kommende' | 'det' sp 'kommende' | 'kommende' | 'førstkommende') { HIT(HIT_RESUMED); }
    'udsættelse' 'n'? | 'bero' | 'afvent' { HIT(HIT_POSTPONING); }
    // the proposal is one on what shall become of the item, and was carried: "Forslaget om udsættelse blev vedtaget"
    carried = (sp ('af' sp ('sagen' | 'punktet') | 'blev' | 'er' | 'dermed' | 'hermed' | 'herefter' | 'enstemmigt')){0,3} sp ('vedtaget' | 'vedtages' | 'vedtoges' | 'godkendt' 'es'? | 'tiltrådt' 'es'? | 'besluttet' | 'imødekommet');
    fell = (sp ('af' sp ('sagen' | 'punktet') | 'blev' | 'er' | 'dermed' | 'hermed' | 'var')){0,3} sp ('forkastet' 'es'? | 'forkastes' | 'faldt' | 'faldet' | 'afvist' 'es'? | 'nedstemt' | 'bortfaldt' | 'ikke' sp ('vedtaget' | 'godkendt'));
    about = 'udsættelse' 'n'? | 'at' sp ('udsætte' | 'udskyde') sp ('sagen' | 'punktet' | 'behandlingen');
    handing = 'tilbagesendelse' 'n'? | 'hjemvisning' 'en'? | 'at' sp ('sende' | 'hjemvise') sp ('sagen' | 'punktet') (sp 'tilbage')?;
    proposal = ('forslag' 'et'? | 'anmodning' 'en'? | 'begæring' 'en'?) sp 'om';
    proposal sp about carried { HIT(HIT_POSTPONED); }
    proposal sp handing carried { HIT(HIT_REFERRED); }
    proposal sp (about | handing) fell { HIT(HIT_AMENDMENT); }
    'nægtes' | 'nægtet' | 'nægtede' 's'?
        | 'forkastet' | 'forkastede' 's'? | 'forkaster' | 'forkastes' | 'faldt' | 'afvist' 'e'? 's'? | 'afvises'
        | 'afviser' | 'afsl' aa ('et' | 's' | 'r') | 'afslag' | 'nedstemt' ('e' | 'es')? | 'bortfaldt' | 'bortfalder'
        | 'bortfaldet' | 'faldet' | ('opnåede' | 'nåede' | 'fik' | 'opnår' | 'fandt') sp 'ikke' sp (('et' | 'det') sp)? (('fornødent' | 'fornødne' | 'nødvendige') sp)? 'flertal'
        | 'var' sp ('der' sp)? 'ikke' sp ('flertal' | 'tilslutning' | 'opbakning') | 'afslog' 'es'? { HIT(HIT_REJECTED); }
    'oversendt' 'e'? 's'? | 'oversendes' | 'oversender' | 'henvist' 'e'? 's'? | 'henvises' | 'henviser'
        | 'tilbagesend' ('t' | 'te' | 'tes' | 'es' | 'er') | ('henskydes' | 'henskudt' | 'henskød' | 'overlades' | 'overladt' | 'overdrages' | 'overdroges' | 'overdraget') sp 'til' | 'fremsendes' | 'fremsendt' | 'fremsender' | 'videresendes'
        | 'videresendt' | 'tilbagevist' | 'tilbagevises' | 'henvendes' | 'overgår' | 'overgik' | 'overgivet' | 'overgives'
        | ('går' | 'gik' | 'sagen' | 'tages' | 'taget') sp 'tilbage' sp 'til' | 'sagen' sp 'retur'
        | 'overføres' sp 'til' sp ('budget' [a-zæøå]* | word? 'udvalget') | 'hjemvist' 'e'? 's'? | 'hjemvises' | 'hjemviser'
        | ('indgår' | 'medtages' | 'medtaget' | 'inddrages') sp 'i' sp (word sp)? 'budget' [a-zæøå]*
        | ('sender' | 'sendte' | 'oversendte' | 'oversender' | 'videresender') sp ('sagen' | 'punktet' | 'ansøgningen' | 'forslaget') sp 'til'
        | ('sender' | 'sendte' | 'oversender') sp (word sp){1,2} 'til' sp ('behandling' | 'fornyet' | 'udtalelse' | 'budget' [a-zæøå]*)
        | ('sendes' | 'sendt' | 'sender' | 'sendte' | 'udsendes') sp ('til' | 'i' sp [0-9]+ sp 'ugers') { HIT(HIT_REFERRED); }
    ('sendt' | 'sendes' | 'sender' | 'sendte' | 'udsendes' | 'udsendt' | 'fremlægges' | 'lægges') (sp word){0,2} sp ('tilbage' | 'retur' | 'i' sp 'høring'
        | 'i' sp ('offentlig' | 'fornyet' | 'intern' | 'supplerende') sp 'høring' | 'i' sp ('fordebat' | 'foroffentlighed' | 'partshøring' | 'nabohøring' | 'forhøring' | 'idéhøring' | 'idefase' | 'idéfase')| 'til' sp 'høring' | 'videre') { HIT(HIT_REFERRED); }
    // "vedtog at sende sagen tilbage", "besluttede at udsætte": what was decided stands in the infinitive
    decided = ('vedtog' 'es'? | 'vedtager' | 'valgte')
        (sp ('derpå' | 'herefter' | 'derefter' | 'dog' | 'samtidig' | 'endvidere' | 'efterfølgende'))? (sp ('enstemmigt' | 'med' sp word sp 'stemmer'))?
        ","? sp 'at';
    decided sp ('godkende' | 'vedtage' | 'tiltræde' | 'imødekomme' | 'bevilge' | 'frigive'
        | 'følge' sp (word sp)? 'indstilling' | ('give' | 'meddele' | 'yde') sp ('et' sp)? leave) { HIT(HIT_APPROVED); }
    decided sp ('anbefale' | 'indstille') { HIT(HIT_RECOMMENDED); }
    ('tiltrådt' | 'vedtaget' | 'godkendt' | 'enighed' sp 'om') sp 'at' sp ('anbefale' | 'indstille') { HIT(HIT_RECOMMENDED); }
    agreed = ('tiltrådt' | 'vedtaget' | 'enighed' sp 'om') sp 'at' sp;
    agreed ('udsætte' | 'udskyde' | ('sætte' | 'stille') sp word sp 'i' sp 'bero') { HIT(HIT_POSTPONED); }
    agreed ('oversende' | 'henvise' | 'tilbagesende' | 'hjemvise' | 'sende' sp word sp ('tilbage' | 'i' sp 'høring')) { HIT(HIT_REFERRED); }
    // "godkendte, at sagen udsættes"
    granted = ('godkendte' | 'vedtog' | 'tiltrådte' | 'besluttede' | 'godkender' | 'tiltræder' | 'vedtager' | 'godkendt' | 'vedtaget' | 'tiltrådt') ","? sp 'at' sp ('sagen' | 'punktet' | 'behandlingen') sp;
    granted ('udsættes' | 'udskydes') { HIT(HIT_POSTPONED); }
    granted ('oversendes' | 'hjemvises' | 'tilbagesendes' | 'sendes' sp 'tilbage') { HIT(HIT_REFERRED); }
    // the work goes to who bid for it
    ('overdrages' | 'overdroges' | 'overdraget') sp 'til' sp ('den' sp)? ('lavest' 'e'? 'bydende' | 'lavest' sp 'bydende' | 'billigst' 'e'? | 'laveste') { HIT(HIT_APPROVED); }
    'flertal' 'let'? sp 'stemte' sp 'imod' { HIT(HIT_REJECTED); }
    agreed ('afvise' | 'forkaste' | 'afslå') { HIT(HIT_REJECTED); }
    'tilbage' sp 'til' sp ('top' | 'oversigt' | 'indhold' | 'forside' | 'dagsorden' | 'liste') { HIT(HIT_NONE); } // of a page
    'punktet' sp 'bortfald' ('t' | 'er') { HIT(HIT_OTHER); }
    'overgives' sp 'til' sp ('kommunens' sp)? 'revision' { HIT(HIT_APPROVED); }
    ('tilbage' | 'retur') sp 'til' | 'til' sp ('høring' | 'udtalelse') | 'i' sp ('offentlig' sp)? 'høring' { HIT(HIT_BACK); }
    ('stemte' | 'stemmer') sp ('for' | 'imod') { HIT(HIT_VOTED); }
    'falder' { HIT(HIT_FALLS); }
    'hvorefter' | 'hvorved' | 'herefter' | 'derefter' | 'hermed' | 'dermed' | 'således' | 'derfor' | 'hvorfor' { HIT(HIT_HENCE); }
    decided sp 'tage' (sp word){1,2} sp 'til' sp ('efterretning' | 'orientering') { HIT(HIT_NOTED); }
    decided sp ('udsætte' | 'udskyde' | 'genoptage' | word sp (word sp)? 'i' sp 'bero') { HIT(HIT_POSTPONED); }
    decided sp ('afvise' | 'forkaste' | 'afslå' | 'give' sp 'afslag') { HIT(HIT_REJECTED); }
    decided sp ('oversende' | 'henvise' | 'tilbagesende' | 'fremsende' | 'videresende') { HIT(HIT_REFERRED); }
    decided sp 'sende' (sp word){0,3} sp ('tilbage' | 'retur' | 'i' sp ('offentlig' sp)? 'høring' | 'videre') { HIT(HIT_REFERRED); }
    decided sp 'drøfte' { HIT(HIT_DISCUSSED); }
    ('besluttede' | 'beslutter') 's'? | 'besluttet' | ('enedes' | 'enighed' | 'enige') sp 'om' { HIT(HIT_DECIDED); }
    'at' { HIT(HIT_INFINITIVE); }
    'at' sp ('godkende' | 'vedtage' | 'tiltræde' | 'imødekomme' | 'bevilge' | 'frigive') { HIT(HIT_APPROVE); }
    'at' sp ('anbefale' | 'indstille') { HIT(HIT_RECOMMEND); }
    'at' sp 'tage' (sp word){1,2} sp 'til' sp ('efterretning' | 'orientering') { HIT(HIT_NOTE); }
    'at' sp ('udsætte' | 'udskyde' | 'genoptage' | ('sætte' | 'stille') sp word sp 'i' sp 'bero') { HIT(HIT_POSTPONE); }
    'at' sp ('afvise' | 'forkaste' | 'afslå' | ('give' | 'meddele') sp 'afslag') { HIT(HIT_REJECT); }
    'at' sp 'drøfte' { HIT(HIT_DISCUSS); }
    'at' sp ('fremsende' | 'oversende' | 'henvise' | 'tilbagesende' | 'hjemvise' | 'videresende' | 'sende' (sp word){0,3} sp ('tilbage' | 'retur' | 'i' sp (('offentlig' | 'fornyet' | 'intern' | 'supplerende') sp)? 'høring')) { HIT(HIT_REFER); }
    'udgik' | 'udgår' | 'udgået' | 'ingen' | 'intet' | 'taget' sp 'af' sp 'dagsordenen' { HIT(HIT_OTHER); }
    'ikke' | 'ej' | 'hverken' { HIT(HIT_NOT); }
    // what a sentence may speak of
    'ændringsforslag' [a-zæøå]* | "Ændringsforslag" [a-zæøå]* | 'underændringsforslag' [a-z]* | "ÆF" [0-9]*
        | 'modforslag' [a-z]* | 'ændringsforslag' { HIT(HIT_AMENDMENT); }
    'foreslog' | 'foreslår' | 'foreslået' | 'ønskede' | 'ønsker' | 'bad' | 'anmodede' | 'begærede' | 'opfordrede'
        | 'opfordrer' | 'stillede' sp 'forslag' | 'ville' | 'motiverede' | 'ønske' | 'mener'
        | 'havde' | 'svarede' | 'spurgte' { HIT(HIT_WISH); }
    'indstilling' [a-z]* | 'det' sp 'indstillede' | 'punktet' | 'sagen' | 'protokollen' | 'mødeplan' [a-z]* | 'redegørelse' 'n'
        | 'lokalplan' [a-z]* | 'planen' | 'regnskabet' | 'ansøgning' 'en'? | 'orientering' 'en'?
        | 'anbefaling' 'en'? | 'beslutning' 'en'? | 'punkt' 'erne'? | 'sagerne' { HIT(HIT_SUBJECT); }
    'dagsorden' | 'dagsordenen' { HIT(HIT_AGENDA); }
    ('punkt' | 'sag' | 'pkt.' | 'bilag') sp 'nr.'? sp? [0-9]+ { HIT(HIT_OTHER_ITEM); }
    'udvalget' | word? 'udvalget' | word? 'rådet' | word 'bestyrelsen' | 'magistraten' | 'man' | 'direktionen' { HIT(HIT_BODY); }
    ('enigt' | 'enstemmigt' | 'samlet') sp ('udvalg' | word 'udvalg' | 'byråd' | 'råd' | 'regionsråd' | 'kommunalbestyrelse') | 'flertal' 'let'? { HIT(HIT_WHOLE); }
    'forslaget' | 'forslag' | 'beslutningsforslaget' | 'medlemsforslaget' { HIT(HIT_PROPOSAL); }
    'dette' | 'det' { HIT(HIT_THAT); }
    [a-zA-Z\x80-\xFF]+ { HIT(HIT_NONE); }
    * { HIT(HIT_NONE); }
    */
#undef HIT
}

/* No rule can begin at the word from `at` to `stop`: a quick look. Short words, those with a hyphen behind them and
 * those that end like a body or a leave ("Teknikudvalget", "byggetilladelse") are left to the scanner. */
static bool tells_nothing(const char *at, const char *stop)
{
    size_t size = (size_t)(stop - at);
    if (size < 3 || *stop == '-')
        return size < 3 && !strchr("iaj", *at | 0x20) && *stop != '-' && ((*at | 0x20) != 'e' || (at[1] | 0x20) != 'j');
    unsigned kinds = affix_kinds_of(&opener_kinds, affix_load(at) | 0x20202020, 3);
    if (kinds & (size < 5 ? OPEN_OUTCOME_SHORT : OPEN_OUTCOME_LONG))
        return false;
    if (size < 6)
        return true;
    uint32_t tail = affix_load(stop - 4) | 0x20202020;
    return tail != affix_load("lget") && tail != affix_load("\xA5" "det") && tail != affix_load("lsen") &&
           tail != affix_load("else") && tail != affix_load("ling") && tail != affix_load("ngen");
}

static enum outcome outcome_of(enum hit hit)
{
    static const enum outcome outcomes[] = {OUTCOME_NONE,     OUTCOME_APPROVED,  OUTCOME_RECOMMENDED,
                                            OUTCOME_NOTED,    OUTCOME_DISCUSSED, OUTCOME_POSTPONED,
                                            OUTCOME_REJECTED, OUTCOME_REFERRED,  OUTCOME_OTHER};
    return hit <= HIT_OTHER ? outcomes[hit] : OUTCOME_NONE;
}

/* Words that tell an outcome only where they stand first, or only if the body is the one who says them. */
static enum hit hit_settle(enum hit hit, bool first, bool body)
{
    switch (hit) {
    case HIT_WANTING: return body ? HIT_POSTPONED : HIT_WISH;
    case HIT_POSTPONING: return first ? HIT_POSTPONED : HIT_NONE;
    case HIT_DEBATE: return first ? HIT_DISCUSSED : HIT_NONE;
    case HIT_YES:
    case HIT_AFTER: return first ? HIT_APPROVED : HIT_NONE;
    case HIT_NO: return first ? HIT_REJECTED : HIT_NONE;
    case HIT_BACK: return first ? HIT_REFERRED : HIT_NONE;
    case HIT_RESUMED: return HIT_POSTPONED;
    default: return hit;
    }
}

/* Infinitives tell what was decided behind "besluttede", and nothing elsewhere. */
static enum hit hit_decided(enum hit hit, bool decided)
{
    return hit < HIT_INFINITIVE || (hit == HIT_INFINITIVE && decided) ? hit : hit == HIT_INFINITIVE ? HIT_NONE : decided ? (enum hit)(hit - HIT_APPROVE + HIT_APPROVED) : HIT_NONE;
}

struct telling telling_read(const char *at, const char *end)
{
    struct telling telling = {0}, debate = {0};
    const unsigned char *cursor = (const unsigned char *)at;
    int words = 0, since_not = 99, told = 99; /* words since the outcome that are not the body's name */
    const char *opening = at + strspn(at, " \n");
    telling.other_item = opening < end && *opening >= '0' && *opening <= '9' && !strchr(".):", opening[1]); /* "pkt. | 46 udgår" */
    while ((const char *)cursor < end) {
        const unsigned char *before = cursor;
        if (*before == ' ') {
            cursor++;
            continue;
        }
        bool word = byte_is_letter(*before);
        const char *stop = word ? letters_end((const char *)before) : (const char *)before + 1;
        bool nothing = word ? tells_nothing((const char *)before, stop) : *before != '-', letter = (*before | 0x20) >= 'a' || *before >= 0x80;
        enum hit hit = HIT_NONE;
        /* a rule begins with what opener.def does not have */
        assert(!nothing || (hit_at(&cursor) == HIT_NONE && (const char *)cursor == stop));
        if (word && stop - (const char *)before == 2) {
            /* "at" leads to what was decided, behind "besluttede" alone */
            nothing = nothing || (!telling.decided && (*before | 0x20) == 'a' && (before[1] | 0x20) == 't');
            if (memcmp(before, "og", 2) == 0)
                since_not = 98; /* "ikke afgjort og sendes tilbage" */
        }
        if (nothing) {
            cursor = (const unsigned char *)stop;
        } else {
            hit = hit_decided(hit_at(&cursor), telling.decided && telling.outcome == OUTCOME_NONE);
            cursor += cursor == before;
            telling.vague = telling.vague || hit == HIT_INFINITIVE;
        }
        if (hit == HIT_NONE || hit == HIT_INFINITIVE) {
            told += letter;
            since_not = *before == ',' ? 99 : since_not + letter; /* "Ikke færdig, genoptages" */
            words += letter;
            continue;
        }
        if (hit == HIT_CANNOT && telling.body)
            hit = HIT_REJECTED;
        else if (hit == HIT_OTHER && words > 0 && before[-1] == ' ' && before[-2] == ':')
            hit = HIT_NONE; /* "Undlod: ingen" */
        else if (hit == HIT_FALLS)
            hit = telling.proposal || telling.subject || telling.amendment ? HIT_REJECTED : HIT_NONE;
        bool resumed = hit == HIT_RESUMED;
        if (hit >= HIT_POSTPONING)
            hit = hit_settle(hit, words == 0, telling.body);
        telling.hence = telling.hence || (hit == HIT_HENCE && telling.outcome == OUTCOME_NONE);
        /* "Ændringsforslaget bortfaldt, hvorefter indstillingen blev godkendt": what follows decides */
        bool debated = telling.outcome == OUTCOME_DISCUSSED;
        if (hit == HIT_HENCE && (telling.amendment || debated) && telling.outcome != OUTCOME_NONE) {
            debate = debated ? telling : debate;
            telling = (struct telling){0};
        }
        if (hit == HIT_DECIDED && telling.outcome == OUTCOME_NONE && !telling.wish && !telling.decided) {
            telling.decided = true;
            telling.words_before = words;
        }
        telling.body = telling.body || (hit == HIT_BODY && words == 0) || (hit == HIT_WHOLE && words <= 1);
        enum outcome outcome = outcome_of(hit);
        telling.amendment = telling.amendment || (hit == HIT_AMENDMENT && telling.outcome == OUTCOME_NONE);
        telling.wish = telling.wish || (hit == HIT_WISH && telling.outcome == OUTCOME_NONE);
        telling.subject = telling.subject || hit == HIT_SUBJECT;
        telling.agenda = telling.agenda || hit == HIT_AGENDA;
        telling.other_item = telling.other_item || (hit == HIT_OTHER_ITEM && words == 0);
        telling.proposal = telling.proposal || hit == HIT_PROPOSAL;
        telling.that = telling.that || (hit == HIT_THAT && words == 0);
        if (telling.outcome == OUTCOME_NONE)
            telling.voted = hit == HIT_VOTED || (telling.voted && hit != HIT_HENCE);
        telling.result = telling.result || (hit == HIT_RESULT && words == 0);
        /* "Ingen bemærkninger - godkendt" */
        bool moved = outcome == OUTCOME_POSTPONED || outcome == OUTCOME_REFERRED; /* "Udgår og genoptages i maj" */
        bool more = telling.outcome == OUTCOME_OTHER && ((outcome == OUTCOME_APPROVED && words < 8) || moved);
        /* "ikke behandlet, udsættes", "drøftet, men udsættes" */
        bool close = told <= 1 && (outcome == OUTCOME_APPROVED || outcome == OUTCOME_RECOMMENDED || outcome == OUTCOME_POSTPONED);
        more = more || (telling.outcome == OUTCOME_DISCUSSED && (close || (telling.negated && moved)));
        if (outcome != OUTCOME_NONE && (telling.outcome == OUTCOME_NONE || more)) {
            telling.outcome = outcome;
            telling.words_before = telling.decided ? telling.words_before : words;
            telling.negated = since_not <= 2;
            telling.resumed = resumed;
            told = -1;
        } else if (hit == HIT_NOT && telling.outcome != OUTCOME_NONE && told == 0 && telling.words_before < 3) {
            telling.negated = true; /* "Anbefales ikke", "imødekom man ikke" */
        }
        told += letter && hit != HIT_BODY;
        since_not = hit == HIT_NOT ? 0 : since_not + letter;
        words += letter;
    }
    if (telling.outcome == OUTCOME_NONE && debate.outcome != OUTCOME_NONE)
        return debate; /* "drøftede sagen, hvorefter der var spørgsmål" */
    telling.vague = telling.vague && telling.outcome == OUTCOME_NONE && !telling.wish && telling.words_before <= 4;
    if (telling.vague) /* "besluttede at optage lånet" */
        telling.outcome = OUTCOME_APPROVED;
    return telling;
}

const char *telling_start(const char *at, const char *end)
{
    const unsigned char *cursor = (const unsigned char *)at, *marker = cursor;
    while (cursor < (const unsigned char *)end && (*cursor == ' ' || *cursor == '\n'))
        cursor++;
    (void)marker;
    /*!re2c
    figure = [0-9]{1,2} | [a-h];
    figures = figure (" "? ("-" | "," | "og" | "+") " "? figure)*;
    dot = 'pind' | 'at' | 'prik' | 'dot' | 'bullet' | 'punkt' | 'pkt.';
    close = [):.] ":"? | ":";
    [Aa] "d " ("pkt." " "? | "pind " | "punkt ")? figures " "? close { return (const char *)cursor <= end ? (const char *)cursor : at; }
    figures [.)] " "? ("-"? dot) close? " " { return (const char *)cursor <= end ? (const char *)cursor : at; }
    ('pind' | 'prik' | 'dot' | 'at-punkt' | 'at' | 'at-pind') " "? [0-9]{1,2} close? " " { return (const char *)cursor <= end ? (const char *)cursor : at; }
    * { return at; }
    */
}
