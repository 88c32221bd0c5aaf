/* label: what a line of minutes begins with.
 *
 * One rule a family. The words are the headings and labels that municipalities, regions and their case systems print
 * (Acadre, SBSYS, eDoc, polweb, First Agenda); case of letters does not matter. Source: published minutes.
 * A new rule may want a line in opener.def: what rules begin with stands there too. */
#include "line.h"

#include "word_lookup.h"
#include "opener.h"

#include <assert.h>

/*!re2c
    re2c:define:YYCTYPE = "unsigned char";
    re2c:define:YYCURSOR = cursor;
    re2c:define:YYMARKER = marker;
    re2c:yyfill:enable = 0;

    ae = "æ" | "Æ";
    oe = "ø" | "Ø";
    aa = "å" | "Å";
    eacute = "é" | "É" | "e" | "E";
    sp = [ ]{1,2};
    wide = [ \t]{2,} | "\t";
    nr = 'nr' "."? | 'nummer';
    letter = [a-zA-ZæøåÆØÅéÉüÜöÖäÄ];
    word = letter (letter | [-'])*;
    capital = [A-ZÆØÅ] letter* ([-] [A-ZÆØÅ]? letter+)?;
*/

/* The family of the words at `cursor`, which moves behind them. */
static enum label label_words(const unsigned char **at)
{
    const unsigned char *cursor = *at, *marker = cursor;
    (void)marker;
#define FOUND(what) return *at = cursor, (what)
    /*!re2c
    // The day of the meeting.
    'dato' | 'm' oe 'dedato' | 'm' oe 'de' sp 'dato' | 'dato og tid' | 'tid og dato' { FOUND(LABEL_DATE); }
    // Its time, or its beginning.
    'tid' | 'm' oe 'detid' | 'm' oe 'detidspunkt' | 'tidspunkt' | 'klokkesl' (ae | 'e') 't' | 'klokken' | 'kl.' { FOUND(LABEL_TIME); }
    'start' (sp? 'kl.')? | 'starttid' 'spunkt'? (sp 'for' sp 'm' oe 'de' 't'?)? | 'm' oe 'destart' | 'm' oe 'det' sp ('begyndt' 'e'? | 'p' aa 'begyndt' 'es'? | 'start' ('et' | 'ede')
        | 'starter' | aa 'bnet') (sp 'kl.')?
        { FOUND(LABEL_START); }
    'slut' (sp? 'kl.')? | 'sluttid' 'spunkt'? (sp 'for' sp 'm' oe 'de' 't'?)? | 'm' oe 'det' sp ('blev' sp)? ('h' ae 'vet' | 'h' ae 'vedes' | 'slut' 'tede'? 's'?
        | 'sluttet' | 'afsluttet') (sp 'kl' '.'?)?
        | 'h' ae 'vet' (sp 'kl' '.'?)? | 'm' oe 'deslut' | 'm' oe 'de' sp 'h' ae 'vet' { FOUND(LABEL_END); }
    // Its place.
    'sted' | 'm' oe 'dested' | 'lokale' | 'm' oe 'delokale' | 'adresse' { FOUND(LABEL_PLACE); }
    'udvalg' | 'r' aa 'd' | 'm' oe 'de' | 'm' oe 'de' sp 'i' { FOUND(LABEL_COMMITTEE); }
    // Who sat there.
    'medlemmer' sp ('til' sp? 'stede' | 'm' oe 'dt' | 'fremm' oe 'dt' | 'tilstede') | 'medlemmer' (sp ('af' sp)? ('udvalget' | 'r' aa 'det' | 'byr' aa 'det' | 'kommunalbestyrelsen'))?
        | 'deltagere' | 'deltager' 'e'? sp 'i' sp 'm' oe 'det' | 'm' oe 'dedeltagere' | 'tilstede' | 'til' sp 'stede'
        | 'tilstedev' ae 'rende' (sp 'medlemmer')? | 'fremm' oe 'dte' (sp 'medlemmer')? | 'fremm' oe 'de'
        | 'm' oe 'dt' | 'indkaldte' (sp 'medlemmer')? | 'indkaldt' | 'indbudte'
        | 'n' ae 'rv' ae 'rende' (sp ('medlemmer' | 'var'))? | 'mødte medlemmer' | 'deltog' | 'udvalgets medlemmer' | 'til' sp 'stede' sp 'var'
        | 'til' sp 'stede' sp 'er' | 'mødt' sp 'var' | 'mødte' | 'tilstede' sp ('var' | 'er') | 'deltagere' sp 'var'
        | ('ved' sp)? 'navneopr' aa 'b' 'et'? (sp 'var')? (sp 'f' oe 'lgende')? (sp 'medlemmer')? (sp 'til' sp? 'stede' | sp 'm' oe 'dt')?
        | 'f' oe 'lgende' (sp 'medlemmer')? sp 'var' sp ('til' sp? 'stede' | 'm' oe 'dt' | 'fremm' oe 'dt')
        | 'til' sp? 'stede' sp 'var' sp 'f' oe 'lgende' | 'm' oe 'dedeltagere' | 'r' aa 'dsmedlemmer' | 'byr' aa 'dsmedlemmer'
        | 'deltagere' sp "(" ('politikere' | 'politiske' | 'medlemmer' | 'politisk' | 'udvalg' 'et'? | 'udvalgsmedlemmer') ")"
        | 'politikere' | 'politiske' sp ('deltagere' | 'medlemmer') | 'deltagende' sp 'medlemmer' | 'deltagere' sp 'fra' sp ('udvalget' | 'r' aa 'det' | 'byr' aa 'det')
        | 'deltagende' sp ('politikere' | 'udvalgsmedlemmer') | 'm' oe 'dte' sp ('fra' | 'for') sp ('udvalget' | 'r' aa 'det')
        | oe 'vrige' sp 'medlemmer' | 'til' sp? 'stede' sp 'fra' sp ('udvalget' | 'r' aa 'det' | 'byr' aa 'det') | 'fra' sp 'udvalget' | 'udvalgsmedlemmer' | 'regionsr' aa 'dsmedlemmer' { FOUND(LABEL_MEMBERS); }
    // "Formand: N (A)" above the others; without a colon it is a title
    'formand' | 'n' ae 'stformand' | 'medlem' | 'viceformand' | 'viceborgmester' | 'borgmester' | 'm' oe 'deleder' | 'ordstyrer' | 'formand' sp 'for' sp word { FOUND(LABEL_CHAIR); }
    // and "Socialdemokratiet: N, N": members by party
    ('socialdemokrati' 'et' | 'socialdemokraterne' | 'venstre' | 'det konservative folkeparti' | 'konservative' | 'dansk folkeparti'
        | 'enhedslisten' | 'alternativet' | 'radikale venstre' | 'det radikale venstre' | 'socialistisk folkeparti' | 'liberal alliance'
        | 'borgerlisten' | 'lokallisten' | 'nye borgerlige') (sp "(" [A-ZÆØÅ] ")")? { FOUND(LABEL_CHAIR); }
    'medlemmer' sp ('frav' ae 'rende' | 'med' sp 'afbud' | 'ikke' sp ('til' sp? 'stede' | 'm' oe 'dt')) | 'frav' ae 'rende' (sp ('med' | 'uden') sp 'afbud')? | 'afbud' (sp 'fra' | sp 'til' sp 'm' oe 'det')?
        | 'frav' ae 'r' | ('med' | 'uden') sp 'afbud'
        | ('ikke' | 'ej') sp 'til' sp? 'stede' | 'ej' sp ('m' oe 'dt' 'e'? | 'tilstede') | 'm' oe 'defritagelse' | 'ikke' sp 'm' oe 'dt' | 'frav' ae 'rende' sp 'medlemmer'
        | 'udeblevet' | 'udeblevne' | 'lovligt' sp 'forfald' | 'ikke' sp 'tilstede'
        | 'delt' ('og' | 'ager') sp 'ikke' | 'ikke' sp ('fremm' oe 'dt' 'e'? | 'm' oe 'dte' | 'deltagende' | 'tilstedev' ae 'rende') (sp 'medlemmer')?
        | 'orlov' | 'forfald' | 'sygemeldt' | 'afbud' sp ('modtaget' | 'meldt') (sp 'fra')?
        | 'meldt' sp 'afbud' | 'frav' ae 'rende' sp 'med' sp 'lovligt' sp 'forfald'
        | 'm' oe 'dt' sp 'med' sp 'afbud' { FOUND(LABEL_ABSENT); }
    (('deltagende' | 'indkaldte' | 'm' oe 'dte' | 'indkaldt') sp)? ('stedfortr' ae 'der' 'e'? | 'suppleant' 'er'?)
        | ('m' oe 'dt' | 'deltog' | 'indkaldt') sp 'som' sp ('stedfortr' ae 'der' | 'suppleant') | 'i' sp 'stedet' sp ('deltog' | 'm' oe 'dte' | 'deltager') { FOUND(LABEL_SUBSTITUTE); }
    'sekret' ae 'r' | 'referent' | 'ref.' | oe 'vrige' sp 'deltagere' | oe 'vrige' | 'fra' sp ('forvaltningen'
        | 'administrationen')
        | 'endvidere' sp 'deltog' | 'desuden' sp 'deltog' | 'endvidere' sp 'deltager' | 'embedsm' ae 'nd'
        | 'g' ae 'ster' | 'andre' sp 'deltagere' | 'til' sp? 'stede' sp 'fra' sp ('forvaltningen' | 'administrationen')
        | 'deltagere' sp 'fra' sp ('forvaltningen' | 'administrationen') | 'forvaltningen' | 'ikke-medlemmer'
        | 'deltagere' sp "(" ('administration' 'en'? | 'forvaltning' 'en'? | 'embedsm' ae 'nd' | oe 'vrige' | 'administrative' | 'ansatte' | 'g' ae 'ster') ")"
        | 'administration' 'en'? | 'fra' sp ('direktionen' | 'sekretariatet' | 'staben') | 'inviterede' | 'inviteret' | 'embedsm' ae 'nd' | 'desuden' sp ('m' oe 'dt' 'e'? | 'til' sp? 'stede' | 'deltager')
        | 'endvidere' sp ('m' oe 'dt' 'e'? | 'til' sp? 'stede') | ('tillige' | 'også') sp 'til' sp? 'stede' | 'medarbejdere' | 'sekretariat' 'et'?
        | 'administrativ' 'e'? sp 'deltager' 'e'? { FOUND(LABEL_OFFICIAL); }
    'bem' ae 'rkning' 'er'? (sp 'til' sp 'dagsorden' 'en'?)? | 'nb.' | 'nb' | 'noter' { FOUND(LABEL_REMARK); }
    'underskrifts' ('blad' | 'ark' | 'side') | 'underskrift' 'er'? | ('digitalt' | 'elektronisk') sp 'underskrevet' (sp 'af')? | 'underskrevet' { FOUND(LABEL_SIGNED); }

    // The case and the documents of an item.
    'sagsnr' "."? | 'sags' sp? 'nr' "."? | 'sagsnummer' | 'sagnr' "."? | 'sagsid' "."? | 'sags-id' "."?
        | 'sag' sp 'id' | 'journal' sp? 'nr' "."?
        | 'journalnummer' | 'journalnumre' | 'j.' sp? 'nr.' | 'j.nr' | 'jnr.' | 'acadre' sp? 'sag' ('s' 'nr' "."?)?
        | 'sbsys' | 'edoc' sp? 'sagsnr' "."?
        | 'saq' sp 'nr.' sp? 'journal' { FOUND(LABEL_CASE); }
    'dok' "."? (sp? 'nr' "."?)? | 'dokument' sp? 'nr' "."? | 'dokumentnummer' | 'dokumentid' | 'dok-id' | 'dokid'
        | 'brevid' | 'dok.id' { FOUND(LABEL_DOCUMENT); }
    'bilagsnr' "."? | 'bilags' sp? 'nr' "." { FOUND(LABEL_DOCUMENTS); }
    ('sag' | 'saq') sp? 'nr' "."? { FOUND(LABEL_ITEM_NUMBER); }
    // Pkt. nr. 4   Punkt nr. 4   Dagsordenspkt. 4   Dagsordenens punkt 4
    ('punkt' | 'pkt' "."? | 'dagsordens' ('punkt' | 'pkt' "."?) | 'dagsordenens' sp 'punkt' | 'sagspunkt') (sp? 'nr' "."?)?
        { FOUND(LABEL_POINT); }
    'kle' (sp? '-'? sp? ('nr' "."? | 'emne' | 'nummer'))? | 'emneord' | 'emnenummer' | 'emnenr' "."? { FOUND(LABEL_KLE); }
    'initialer' | 'sagsbeh' "."? | 'sagsbehandler' 'e'? | 'sbh.' | 'sagsinitialer' | 'forv.' | 'forvaltning'
        | 'afdeling' | 'ansvarlig' | 'beh.'
        { FOUND(LABEL_CLERK); }

    // Open or closed, of one item or of all that follow.
    aa 'ben' sp 'sag' | aa 'bent' sp+ 'punkt' | aa 'bent' | aa 'ben' | 'open' sp 'item' | 'offentlig' { FOUND(LABEL_OPEN); }
    'lukket' sp 'sag' | 'lukket' sp+ ('dagsordens')? 'punkt' | 'lukket' | 'closed' sp 'item' | 'fortrolig' 't'? | 'ikke' sp 'offentlig' 't'?
        | 'lukket' sp 'd' oe 'rs' sp? '-'? sp? ('sag' | 'punkt') | 'fortrolig' sp 'sag' | 'fortroligt' sp 'punkt' | 'ikke' sp 'offentligt' sp 'punkt'
        { FOUND(LABEL_CLOSED); }
    (aa 'ben' | aa 'bne') sp 'del' | aa 'bent' sp 'm' oe 'de' | aa 'bne' sp 'dagsordens' ('punkter' | 'pkt.') | aa 'bne' sp ('sager' | 'punkter' | 'd' oe 're') | aa 'ben' sp 'dagsorden' | 'sager' sp 'for' sp aa 'bne' sp 'd' oe 're'
        | 'for' sp aa 'bne' sp 'd' oe 're' | aa 'bne' { FOUND(LABEL_GROUP_OPEN); }
    ('den' sp)? ('lukket' | 'lukkede') sp 'del' (sp 'af' sp ('m' oe 'det' | 'dagsordenen'))? | 'lukket' sp 'd' oe 'rs' sp ('sager' | 'punkter') | 'lukkede' sp 'd' oe 'rs' sp 'sager' | 'lukkede' sp 'sager' |
    'lukket' sp 'm' (oe | [oO0]) 'de' | 'lukkede' sp 'dagsordens' ('punkter' | 'pkt.') | 'lukkede' sp ('sager' | 'punkter' | 'd' oe 're') | 'lukket' sp 'dagsorden' | 'sager' sp 'for' sp 'lukkede' sp 'd' oe 're'
        | 'for' sp 'lukkede' sp 'd' oe 're' | 'lukkede' | 'lukkede' sp 'd' oe 'rs' sp? '-'? sp? 'punkter' | 'lukkede' sp 'emner'
        | 'fortrolige' sp ('dagsordens')? ('sager' | 'punkter' | 'emner') | 'lukket' sp 'behandling'
        | ('punkter' | 'sager' | 'emner') (sp ('der' sp 'er' sp)? ('behandlet' | 'til' sp 'behandling'))? sp ('for' | 'bag') sp 'lukkede' sp 'd' oe 're'
        { FOUND(LABEL_GROUP_CLOSED); }

    // The table of contents.
    'indholdsfortegnelse' | 'indhold' | 'dagsordenspunkter' | 'punkter' | 'dagsorden' | 'sagsliste' | 'sagsoversigt'
        | 'punktliste'
        // "Punkt  Indhold      Side": the head of its columns
        | ('punkt' | 'pkt' '.'? | 'sag' (sp 'nr' '.'?)?) wide ('indhold' | 'overskrift' | 'emne' | 'titel') (wide 'side' 'r'?)?
        | 'punkter' sp 'p' aa sp 'dagsordenen' | 'dagsordensoversigt' | 'oversigt' { FOUND(LABEL_CONTENTS); }

    // Words of the web page around the minutes.
    'til' sp 'toppen' | 'til' sp 'indholdsfortegnelse' 'n'? | 'fold' sp 'alle' sp ('ud' | 'ind')
        | 'fold' sp 'dette' sp 'punkt' sp ('ind' | 'ud') | 'udskriv'
        | 's' oe 'g' | 'video' | 'show' sp 'video' | 'vis' sp 'video' | 'tilbage' | 'se' sp 'alle' sp 'bilag'
        | 'g' aa sp 'til' sp 'sidens' sp 'indhold' | 'del' | 'print'
        | 'hent' sp ('pdf' | 'referat') | 'til' sp 'top' | 'download' | 'luk' | 'vis' sp 'mere'
        | 'l' ae 's' sp 'mere' | 'menu' { FOUND(LABEL_NOISE); }

    // A vote.
    'for' sp 'stemte' | 'imod' sp 'stemte' | 'mod' sp 'stemte' | 'for' | 'imod' | 'undlod' sp ('at' sp 'stemme')?
        | 'undlader' | 'hverken' sp 'for' sp 'eller' sp 'imod' (sp 'stemte')?
        { FOUND(LABEL_BALLOT); }

    // Sections: what the item is about, in short.
    'resum' eacute | 'kort' sp 'resum' eacute | 'sagsresum' eacute | 'sagens' sp 'kerne' | 'sammenfatning'
        | 'beslutningstema' | 'sagens' sp 'indhold' | 'anledning' | 'tema'
        { FOUND(LABEL_SECTION + SECTION_SUMMARY); }
    // What is proposed.
    'indstilling' 'er'? | 'administrationens' sp 'indstilling' | 'forvaltningens' sp 'indstilling'
        | (('administrationens' | 'forvaltningens' | 'direktionens') sp)? 'anbefaling' 'er'?
        | 'administrativ' sp 'indstilling' | 'direktionens' sp 'indstilling'
        | 'forvaltningen' sp 'foresl' aa 'r' | 'indstilling' sp 'til' sp 'beslutning'
        | 'forslag' sp 'til' sp 'beslutning' | 'forslag' sp 'til' sp 'indstilling'
        { FOUND(LABEL_SECTION + SECTION_RECOMMENDATION); }
    // What was decided.
    'beslutning' 'er'? | 'indstilling' sp 'og' sp 'beslutning' | 'afg' oe 'relse' | 'politisk' sp 'behandling'
        | ([A-ZÆØÅ]{2,4} "’"? "'"? 's'? | letter+ ('udvalgets' | 'r' aa 'dets' | 'bestyrelsens') | 'udvalgets' | 'r' aa 'dets') sp 'beslutning'
        | 'vedtagelse' | 'beslutning' 'er'? sp 'i' | 'konklusion' | 'referat' sp 'af' sp 'behandlingen'
        { FOUND(LABEL_SECTION + SECTION_DECISION); }
    // What the case is.
    'sagsfremstilling' (sp 'og' sp oe 'konomi')? | 'sagsbeskrivelse' | 'pr' ae 'sentation' | 'problemstilling'
        | 'l' oe 'sning' | 'baggrund' | 'baggrund' sp 'for' sp 'sagens' sp 'freml' ae 'ggelse'
        | 'baggrund' sp 'og' sp 'vurdering' | 'indledning' | 'indledning/baggrund' | 'motivering' | 'begrundelse'
        | 'beskrivelse' | 'redeg' oe 'relse' | 'sagens' sp 'baggrund' | 'fremstilling'
        | 'uddybende' sp 'sagsfremstilling' { FOUND(LABEL_SECTION + SECTION_PRESENTATION); }
    // Who decides.
    'beslutningskompetence' | 'kompetence' | 'sagen' sp 'afg' oe 'res' sp 'i' | 'sagen' sp 'afg' oe 'res' sp 'af'
        | 'hvem' sp 'beslutter' | 'afg' oe 'relseskompetence' | 'beslutningsorgan'
        { FOUND(LABEL_SECTION + SECTION_COMPETENCE); }
    // Money.
    oe 'konomi' | oe 'konomiske' sp ('konsekvenser' | 'forhold') | oe 'konomi' sp 'og' sp ('finansiering'
        | 'personale') | oe 'konomi/personale' | 'bevillingsm' ae 'ssige' sp 'konsekvenser' | 'finansiering'
        | oe 'konomiske' sp 'og' sp word sp 'konsekvenser'
        | 'afledt' sp 'drift' { FOUND(LABEL_SECTION + SECTION_ECONOMY); }
    // The law.
    'lovgrundlag' | 'retsgrundlag' | 'lov-' sp 'og' sp ('retsgrundlag' | 'plangrundlag') | 'juridiske' sp ('forhold'
        | 'konsekvenser') | 'lovgivning' | 'retligt' sp 'grundlag'
        | 'retsregler' (sp 'og' sp 'andre' sp 'forskrifter')?
        | 'hjemmel' | 'lovhjemmel' | 'lovgrundlag' [,] word { FOUND(LABEL_SECTION + SECTION_LAW); }
    // The attachments.
    'bilag' | 'bilag' sp ('til' | 'p' aa | 'i') sp 'sagen' | 'bilag' sp 'vedlagt' | 'link' 's'? sp 'til' sp 'bilag' | 'bilag' sp "(" ([0-9]+ (sp 'stk' "."?)? | aa 'bne' | aa 'ben' 't'? | 'lukket' | 'lukkede' | 'vedlagt' | 'vedlagte') ")"
        | 'bilag' sp ('lukket' | 'lukkede' | aa 'bent' | aa 'bne')
        | 'bilag' sp [0-9]+ sp 'stk.' | 'bilagsfortegnelse' | 'bilagsliste' | 'bilagsoversigt'
        | 'bilag' sp 'til' sp ('punkt' 'et'? | 'pkt' '.'? | 'dagsordenspunkt' 'et'? | 'dagsordenen') (sp [0-9]{1,4} '.'?)?
        | ('liste' | 'fortegnelse' | 'oversigt') sp 'over' sp ('vedlagte' sp)? 'bilag'
        | ('offentlige' | 'elektroniske' | 'elektronisk' | 'tilg' ae 'ngelige' | 'relaterede' | 'tilh' oe 'rende') sp ('bilag' | 'dokumenter' | 'filer')
        | 'vedlagt' (sp 'bilag')? | 'vedlagte' sp ('bilag' | 'dokumenter' | 'filer') | 'vedh' ae 'ftede' sp ('filer' | 'bilag' | 'dokumenter')
        | 'vedh' ae 'ftet' | 'vedh' ae 'ftninger' | 'vedh' ae 'ft' | 'sagens' sp ('bilag' | 'dokumenter') | 'filer'
        | 'dokumenter' | 'sagsbilag' | 'sagsakter' | 'bilagsmateriale'
        | oe 'vrige' sp 'bilag' | aa 'bne' sp 'bilag'
        | 'lukkede' sp 'bilag' { FOUND(LABEL_SECTION + SECTION_ATTACHMENTS); }
    // What happened before.
    'historik' | 'sagens' sp 'forl' oe 'b' | 'sagsforl' oe 'b' | 'tidligere' sp ('behandling' | 'beslutninger'
        | 'politisk' sp 'behandling') | 'forhistorie' | 'sagens' sp 'behandling' | 'behandling'
        | 'oversigt' sp 'over' sp 'politisk' sp 'behandling'
        | 'tidligere' sp 'beslutning' { FOUND(LABEL_SECTION + SECTION_HISTORY); }
    // All other headings that end a section.
    'udtalelser' | 'administrationens' sp ('vurdering' | 'bem' ae 'rkninger') | 'forvaltningens' sp ('vurdering'
        | 'bem' ae 'rkninger') | 'vurdering' | 'handicappolitik' | 'videre' sp 'proces'
        | 'den' sp 'videre' sp 'proces' | 'tidsplan'
        | 'h' oe 'ring' | 'inddragelse' | 'inddragelse' sp 'og' sp 'h' oe 'ring' | 'borgerinddragelse' | 'personale'
        | 'personalem' ae 'ssige' sp ('konsekvenser' | 'forhold') | 'kommunikation' | 'konsekvenser'
        | 'konsekvensvurdering'
        | 'milj' oe 'm' ae 'ssige' sp 'konsekvenser' | 'tidsperspektiv' | 'alternativer' | 'forventet' sp 'sagsgang'
        | 'sagsgang' | 'direkt' oe 'rp' aa 'tegning' | 'udtalelse' | 'b' ae 'redygtighed'
        | 'andre' sp 'konsekvenser'
        | 'sundhedsm' ae 'ssige' sp 'konsekvenser' | 'risici' | 'opf' oe 'lgning' | 'effekt' | 'm' aa 'l' | 'proces'
        | 'politiske' sp 'm' aa 'l' | 'supplerende' sp ('sagsfremstilling' | 'bem' ae 'rkninger')
        | 'udvalgets' sp 'udtalelse'
        | 'klima' | 'sundhed' | 'd' oe 'gnrytme' | 'tv' ae 'rg' aa 'ende' sp 'konsekvenser'
        | 'kommunale' sp 'planer' | 'organisation' | 'ledelse' | 'integration' | 'milj' oe 'vurdering'
        | 'planforhold' | 'protokol' | 'protokollat'
        { FOUND(LABEL_SECTION + SECTION_OTHER); }
    * { return LABEL_NONE; }
    */
#undef FOUND
}

/* No label can begin at `at`: a quick look at three bytes. Labels of two letters are left to the scanner, and words
 * before "beslutning", as any body's may stand there. */
static bool is_no_label(const char *at)
{
    if (!byte_is_letter((unsigned char)*at))
        return true;
    uint32_t head = affix_load(at) | 0x20202020;
    bool brief = (*at | 0x20) == 'j' || (head & 0xFFFF) == ('n' | 'b' << 8) || (head & 0xFFFF) == ('s' | 'e' << 8) ||
                 (head & 0xFFFF) == ('e' | 'j' << 8) || (head & 0xFFFF) == ('i' | ' ' << 8);
    if (brief || affix_kinds_of(&opener_kinds, head, 3) & OPEN_LABEL)
        return false;
    const char *stop = letters_end(at);
    while (*stop == '\'' || (unsigned char)*stop == 0xE2)
        stop = letters_end(stop + 1);
    return *stop != ' ' || ((stop[1] | 0x20) != 'b' && stop[1] != ' ');
}

/* What follows a label decides whether it is one. */
static enum gap gap_at(const char *at, const char *end, size_t *value)
{
    const char *cursor = at;
    while (cursor < end && cursor - at < 80 && (*cursor == ' ' || *cursor == '\t'))
        cursor++;
    bool tab = cursor > at && memchr(at, '\t', (size_t)(cursor - at));
    size_t spaces = (size_t)(cursor - at);
    enum gap gap = spaces == 0 ? GAP_STUCK : spaces > 1 || tab ? GAP_WIDE : GAP_SPACE;
    if (cursor >= end)
        gap = GAP_END;
    else if (*cursor == ':' || (*cursor == '.' && cursor + 1 < end && cursor[1] == ':')) {
        gap = GAP_COLON;
        cursor += *cursor == ':' ? 1 : 2;
        while (cursor < end && (*cursor == ' ' || *cursor == '\t'))
            cursor++;
        if (cursor >= end)
            gap = GAP_END;
    } else if (*cursor == '.' && spaces == 0)
        gap = cursor + 1 >= end ? GAP_END : GAP_POINT;
    *value = (size_t)(cursor - at);
    return gap;
}

static bool is_capital(const char *at, const char *end)
{
    if (at >= end)
        return false;
    unsigned char c = (unsigned char)*at;
    if (c >= 'A' && c <= 'Z')
        return true;
    return c == 0xC3 && at + 1 < end && (unsigned char)at[1] >= 0x80 && (unsigned char)at[1] <= 0x9E;
}

/* "Sag nr. 130" is an item's number; "Sag nr. 14/8013" is a case. "Punkt 2" needs its number. */
static bool is_item_number(const char *at, const char *end)
{
    const char *cursor = at;
    while (cursor < end && cursor - at < 5 && *cursor >= '0' && *cursor <= '9')
        cursor++;
    bool more = cursor + 1 < end && (*cursor == '/' || *cursor == '-' || *cursor == '.') && cursor[1] >= '0' &&
                cursor[1] <= '9';
    return cursor > at && cursor - at < 5 && !more;
}

/* The size of " (12)" behind a label of people, or 0. */
static size_t counted_size(const char *at, const char *end)
{
    size_t size = 2;
    if (end - at < 4 || at[0] != ' ' || at[1] != '(')
        return 0;
    while (at + size < end && size < 5 && at[size] >= '0' && at[size] <= '9')
        size++;
    return size > 2 && at + size < end && at[size] == ')' ? size + 1 : 0;
}

struct label_match label_at(const char *at, const char *end)
{
    const unsigned char *cursor = (const unsigned char *)at;
    bool none = is_no_label(at);
    /* a rule begins with what opener.def does not have */
    assert(!none || label_words(&cursor) == LABEL_NONE);
    if (none)
        return (struct label_match){0};
    struct label_match match = {.label = label_words(&cursor)};
    if (match.label == LABEL_NONE || (const char *)cursor > end)
        return (struct label_match){0};
    if (match.label >= LABEL_MEMBERS && match.label <= LABEL_OFFICIAL) /* "Fremmødte (12)" */
        cursor += counted_size((const char *)cursor, end);
    match.size = (size_t)((const char *)cursor - at);
    size_t value = 0;
    match.gap = gap_at((const char *)cursor, end, &value);
    match.value = match.size + value;
    /* "FormandEva Brask", "Starttidspunkt16:00": a page's grid without its lines, of people or of times */
    unsigned char last = cursor[-1];
    bool people = match.label >= LABEL_MEMBERS && match.label <= LABEL_OFFICIAL && is_capital((const char *)cursor, end);
    bool clock = match.label >= LABEL_DATE && match.label <= LABEL_END && *cursor >= '0' && *cursor <= '9';
    if (match.gap == GAP_STUCK && (const char *)cursor < end && (people || clock) && last >= 'a' && last <= 'z')
        match.gap = GAP_COLON;
    if (match.label == LABEL_CHAIR) {
        /* "Medlem N (A)": a party closes the line */
        bool party = (match.gap == GAP_SPACE || match.gap == GAP_WIDE) && end - at < 70 && end[-1] == ')' &&
                     (end[-3] == '(' || end[-4] == '(');
        if ((match.gap != GAP_COLON && !party) || at + match.value >= end)
            return (struct label_match){0};
        match.label = LABEL_MEMBERS;
    }
    bool number = is_item_number(at + match.value, end);
    if (match.label == LABEL_POINT && !number)
        return (struct label_match){0};
    if (match.label == LABEL_ITEM_NUMBER && !number)
        match.label = LABEL_CASE;
    unsigned char next = (const char *)cursor < end ? *cursor : 0;
    if (match.gap != GAP_STUCK)
        return match;
    /* "MødestedRådssalen": a page's grid without its lines; the value begins with a capital. */
    bool grid = match.label == LABEL_PLACE || match.label == LABEL_COMMITTEE || match.label == LABEL_REMARK ||
                match.label == LABEL_DATE;
    bool stuck = (is_capital((const char *)cursor, end) || (next >= '0' && next <= '9')) &&
                 cursor > (const unsigned char *)at && (cursor[-1] >= 'a' || cursor[-1] == '.');
    bool digit = next >= '0' && next <= '9';
    if ((grid && stuck) ||
        (digit && (match.label == LABEL_POINT || match.label == LABEL_CASE || match.label == LABEL_ITEM_NUMBER)))
        return match;
    return (struct label_match){0};
}
