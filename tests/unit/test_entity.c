/* The scanners: what each takes, how far it reaches, and what it leaves alone. */
#include "entity.h"
#include "figure.h"
#include "glance_bytes.h"
#include "law.h"
#include "want.h"
#include "word_class.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char *end_of(const char *text)
{
    return text + strlen(text);
}

static void sums_have_their_value(void **unused)
{
    (void)unused;
    static const struct {
        const char *text;
        size_t size;
        int64_t low, high;
    } sums[] = {
        {"1.234.500 kr. til", 13, 123450000, 123450000},
        {"818.907,44 kr.", 14, 81890744, 81890744},
        {"31,5 mio. kr., heraf", 13, 3150000000, 3150000000},
        {"1,037 mia. kr.", 14, 103700000000, 103700000000},
        {"600 t.kr. i", 9, 60000000, 60000000},
        {"1.250 t. kr. om", 12, 125000000, 125000000},
        {"kr. 500.000,- til", 13, 50000000, 50000000},
        {"kr. 2,5 mio. i", 12, 250000000, 250000000},
        {"22.000,- om", 8, 2200000, 2200000},
        {"4-5 mio. kr.", 12, 400000000, 500000000},
        {"600-700.000 kr.", 15, 60000000, 70000000},
        {"kr. 60.000-75.000 pr.", 17, 6000000, 7500000},
        {"-1.500.000 kr.", 14, -150000000, -150000000},
        {"1\xC2\xBD mio. kr.", 12, 150000000, 150000000},
        {"1\xC2\xBC mio. kr.", 12, 125000000, 125000000},
        {"\xC2\xBE mio. kr.", 11, 75000000, 75000000},
        {"\xC2\xBD mio. kr.", 11, 50000000, 50000000},
        {"17 \xC2\xBD mio. kr. i", 14, 1750000000, 1750000000},
        {"17-\xC2\xBD mio. kr. i", 14, 1750000000, 1750000000},
        {"17 1/2 mio. kr. i", 15, 1750000000, 1750000000},
        {"1/2 mio. kr. i", 12, 50000000, 50000000},
        {"kr. 2 \xC2\xBD mio. i", 13, 250000000, 250000000},
        {"3 \xC3\xA0 4 mio. kr. i", 15, 300000000, 400000000},
        {"300.000 til 400.000 kr. i", 23, 30000000, 40000000},
        {"kr. 25.000.- i", 12, 2500000, 2500000},
        {"500 danske kroner", 17, 50000, 50000},
        {"810 kr, i alt", 6, 81000, 81000},
        {"DKK 1.200.000 til", 13, 120000000, 120000000},
        {"0,5 mio. kr fra", 11, 50000000, 50000000},
        {"l25.000 kr. til", 11, 12500000, 12500000}, /* typewriters and OCR */
        {"1.I00.00l kr.", 13, 110000100, 110000100},
        {"MIO. KR. 4,5", 12, 450000000, 450000000},
    };
    for (size_t i = 0; i < sizeof sums / sizeof *sums; i++) {
        struct amount_match match = amount_at(sums[i].text, end_of(sums[i].text));
        assert_int_equal(match.size, sums[i].size);
        assert_true(match.low_ore == sums[i].low && match.high_ore == sums[i].high);
        assert_string_equal(match.currency, "DKK");
    }
}

static void sums_in_words_are_read_back_from_their_currency(void **unused)
{
    (void)unused;
    static const struct {
        const char *text; /* up to the end of its currency */
        size_t words, size;
        int64_t ore;
    } sums[] = {
        {"på halvanden million kroner", 4, 24, 150000000},
        {"en halv million kroner", 0, 22, 50000000},
        {"halvandet hundrede tusinde kr.", 0, 30, 15000000},
        {"Tyve tusinde kroner", 0, 19, 2000000},
        {"af fem mio. kr.", 3, 12, 500000000},
        {"på l25.000 kr.", 4, 11, 12500000},
        {"et par tusinde kroner", 0, 0, 0},
        {"flere millioner kroner", 0, 0, 0},
        {"to kroner", 0, 0, 0},
        {"kroner", 0, 0, 0},
    };
    for (size_t i = 0; i < sizeof sums / sizeof *sums; i++) {
        const char *text = sums[i].text, *stop = end_of(text), *start = NULL;
        const char *currency = strrchr(text, 'k');
        struct amount_match match = amount_words_before(text, currency, stop, &start);
        assert_int_equal(match.size, sums[i].size);
        if (match.size) {
            assert_int_equal(start - text, sums[i].words);
            assert_true(match.low_ore == sums[i].ore && match.high_ore == sums[i].ore);
        }
    }
}

static void what_is_no_sum_is_left(void **unused)
{
    (void)unused;
    static const char *const texts[] = {"41 mio. m3 sand", "5 krydsninger", "22.500 etagemeter",
                                        "2019-2022",       "kr. i alt",     "12 %",
                                        "1.-2. klasse",    "1/2 kr.",       "\xC2\xBD time"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_int_equal(amount_at(texts[i], end_of(texts[i])).size, 0);
}

static void days_have_their_value(void **unused)
{
    (void)unused;
    static const struct {
        const char *text;
        size_t size;
        int year, month, day;
    } days[] = {
        {"Onsdag den 5. februar 2020 kl.", 26, 2020, 2, 5},
        {"d. 05-11-2019", 13, 2019, 11, 5},
        {"den 27. juni godkendte", 12, 0, 6, 27},
        {"20/9 2016", 9, 2016, 9, 20},
        {"d. 18/12-2019", 13, 2019, 12, 18},
        {"15-maj-2002", 11, 2002, 5, 15},
        {"Onsdag, April 3, 2019 -", 21, 2019, 4, 3},
        {"05.02.20 ", 8, 2020, 2, 5},
        {"2020-10-30", 10, 2020, 10, 30},
        {"22 januar 2020,", 14, 2020, 1, 22},
        {"den 29.2.2020", 13, 2020, 2, 29},
        {"1/1-30/6 2017", 3, 0, 1, 1},
    };
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        struct date_match match = date_at(days[i].text, end_of(days[i].text));
        assert_int_equal(match.size, days[i].size);
        assert_int_equal(match.day.year, days[i].year);
        assert_int_equal(match.day.month, days[i].month);
        assert_int_equal(match.day.day, days[i].day);
    }
}

static void what_is_no_day_is_left(void **unused)
{
    (void)unused;
    static const char *const texts[] = {"29.2.2019", "31. juni 2019", "2. kvartal 2018", "5.32.30",
                                        "32/1 2020", "00-05-2020",    "12.13.2020"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_int_equal(date_at(texts[i], end_of(texts[i])).size, 0);
    static const char version[] = "1.2.10", day[] = "d. 1.2.10";
    assert_true(date_at(version, end_of(version)).brief);
    assert_false(date_at(day, end_of(day)).brief);
}

static void numbers_have_their_shape(void **unused)
{
    (void)unused;
    static const struct {
        const char *text;
        size_t size;
        enum number_shape shape;
    } numbers[] = {
        {"01.02.05-P16-4-18", 17, NUMBER_KLE_CASE},
        {"00.22.02A30-0026", 16, NUMBER_KLE_CASE},
        {"08.03.00G01/549", 15, NUMBER_KLE_CASE},
        {"27.36.08.\xC3\x98"
         "54",
         13, NUMBER_KLE},
        {"07.01.01", 8, NUMBER_KLE_BARE},
        {"306-2009-600", 12, NUMBER_AUTHORITY},
        {"2017-0229357", 12, NUMBER_YEAR_LONG},
        {"2017-0229357-3", 14, NUMBER_YEAR_PART},
        {"14/47755-9", 10, NUMBER_SLASH_PART},
        {"19/2484", 7, NUMBER_SLASH},
        {"EMN-2019-01234", 14, NUMBER_LETTERS},
        {"1-51-71-3321-08", 15, NUMBER_REGION},
        {"012497 - 2017/12299", 19, NUMBER_LONG_SLASH},
        {"22711-19", 8, NUMBER_DASH_YEAR},
        {"15017402", 8, NUMBER_PLAIN},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct number_match match = case_number_at(numbers[i].text, end_of(numbers[i].text));
        assert_int_equal(match.size, numbers[i].size);
        assert_int_equal(match.shape, numbers[i].shape);
    }
}

/* text, and how many bytes of it the scanner takes */
struct reach {
    const char *text, *taken;
};

static void acts_reach_as_far_as_their_paragraphs(void **unused)
{
    (void)unused;
    static const struct reach acts[] = {
        {"styrelseslovens § 17, stk. 4, om", "styrelseslovens § 17, stk. 4"},
        {"serviceloven og", "serviceloven"},
        {"servicelovens regler", "serviceloven"},
        {"lov om musik § 3 a.", "lov om musik § 3 a"},
        {"bekendtgørelse om bygge- og anlægsarbejder skal", "bekendtgørelse om bygge- og anlægsarbejder"},
        {"bekendtgørelse om vandløbsregulering og -restaurering skal",
         "bekendtgørelse om vandløbsregulering og -restaurering"},
        {"bekendtgørelse om kommunernes budget- og regnskabsvæsen, revision m.v. skal",
         "bekendtgørelse om kommunernes budget- og regnskabsvæsen, revision m.v."},
        {"lov om køb, salg og leje § 4 skal", "lov om køb, salg og leje § 4"},
        {"lov om køb, planloven og andre", "lov om køb"},
        {"Bekendtgørelse af lov om social service skal", "Bekendtgørelse af lov om social service"},
        {"§ 15 i lov om leje", "§ 15 i lov om leje"},
        {"LBK nr 47 af 15.01.2019 § 8", "LBK nr 47 af 15.01.2019 § 8"},
        {"Lov om offentlige veje §§ 3 og 24.", "Lov om offentlige veje §§ 3 og 24"},
        {"lov om aktiv beskæftigelsesindsats og budget", "lov om aktiv beskæftigelsesindsats"},
        {"planlovens 24.", "planlovens 24"},
        /* transcripts lose the sign of the paragraph */
        {"planlovens 1 a og 9 a.", "planlovens 1 a og 9 a"},
        {"planlovens 19 og 20 byer", "planlovens 19"},
        {"lov om jernbane 8. Afsnit", "lov om jernbane 8"},
        {"lov om social service 83, stk. 1.", "lov om social service 83, stk. 1"},
        {"lov om social service 83 borgere", "lov om social service"},
        /* the whole title behind a number, orders within orders, directives */
        {"bekendtgørelse nr. 977 om planlægning af den præhospitale indsats. Den",
         "bekendtgørelse nr. 977 om planlægning af den præhospitale indsats"},
        {"bekendtgørelse nr. 977 om planlægning af byen er", "bekendtgørelse nr. 977 om planlægning"},
        {"lov nr. 9 af 26. november 2019 om ændring af lov om planlægning.",
         "lov nr. 9 af 26. november 2019 om ændring af lov om planlægning"},
        {"udbudsdirektiv 2004/18/EF, artikel 31.", "udbudsdirektiv 2004/18/EF, artikel 31"},
        {"direktiv 92/43/EØF, som", "direktiv 92/43/EØF"},
        {"VVM-bekendtgørelsens § 3", "VVM-bekendtgørelsens § 3"},
        {"kommunale styrelseslov og", "kommunale styrelseslov"},
        {"bekendtgørelsen er", ""},
        {"loven siger", ""},
    };
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
        assert_int_equal(law_at(acts[i].text, end_of(acts[i].text)).size, strlen(acts[i].taken));
}

/* The look before the rules lets through whatever they may take, and passes the usual words that begin alike. */
static void a_look_misses_no_act(void **unused)
{
    (void)unused;
    static const struct {
        char text[80];
        bool may;
    } words[] = {{"lov om leje", true},
                 {"LBK nr 47 af 15.01.2019", true},
                 {"vejledning nr. 9", true},
                 {"kommunale styrelseslov", true},
                 {"forvaltningslovens § 3", true},
                 {"Forretningsordenens § 4", true},
                 {"FORRETNINGSORDEN § 4", true},
                 {"forskriften § 2", true},
                 {"forordning nr. 1307 af 26. november 2019", true},
                 {"forsyningsregulativ § 3", true},
                 {"forbrugsreglements § 3", true},
                 {"forpagtningsloven-bestemmelse", true},
                 {"forvaltningen skal", false},
                 {"forretningsgang", false},
                 {"forslaget", false},
                 {"kommunens", false},
                 {"Styrelsen", false}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        char text[sizeof words[i].text + BODY_PAD] = {0};
        memcpy(text, words[i].text, sizeof words[i].text);
        const char *stop = glance_word_ahead(text);
        assert_int_equal(law_may_begin(text, stop, WANT_ANY_LAW), words[i].may);
        assert_true(words[i].may || law_at(text, end_of(text)).size == 0);
    }
}

static void organisations_are_told_by_form_kind_or_ending(void **unused)
{
    (void)unused;
    static const struct reach orgs[] = {
        {"Atea A/S har", "Atea A/S"},
        {"I/S Nordforbrænding har", "I/S Nordforbrænding"},
        {"Høje-Taastrup Kommunes regler", "Høje-Taastrup Kommune"},
        {"Økonomi- og Indenrigsministeriet har", "Økonomi- og Indenrigsministeriet"},
        {"Styrelsen for Arbejdsmarked og Rekruttering giver", "Styrelsen for Arbejdsmarked og Rekruttering"},
        {"Plejecenter Hotherhaven skal", "Plejecenter Hotherhaven"},
        {"Dansk Cyklist Forbund og Vesterbro Handelsforening", "Dansk Cyklist Forbund"},
        {"Tisvilde Byg og Beton A/S gik", "Tisvilde Byg og Beton A/S"},
        {"Nord Entreprise og Jensen A/S gik", "Nord Entreprise"},
        {"P. Ravn & Søn leverer", "P. Ravn & Søn"},
        {"Dansk Mode & Textil har", "Dansk Mode & Textil"},
        {"Voldgiftsnævnet for Bygge- og Anlægsvirksomhed gav", "Voldgiftsnævnet for Bygge- og Anlægsvirksomhed"},
        {"Vejle Amts Folkeblad skrev", "Vejle Amts Folkeblad"},
        {"Vejle Amts afslag", "Vejle Amt"},
        {"Foreningen af Kommuner i Vejle Amt har", "Foreningen af Kommuner i Vejle Amt"},
        {"Det Danske Madhus A/S leverer", "Det Danske Madhus A/S"},
        {"Danmarks Naturfredningsforening i Vejen har", "Danmarks Naturfredningsforening i Vejen"},
        {"Landinspektørfirmaet Nord har", "Landinspektørfirmaet Nord"},
        {"Energinet.dk har", "Energinet.dk"},
        {"Retten i Helsingør og", "Retten i Helsingør"},
        {"Aktivitetshuset Lærken har", "Aktivitetshuset Lærken"},
        {"Ejendomsmæglerne Holm & Ravn har", "Ejendomsmæglerne Holm & Ravn"},
        {"Plejehjemmet Egely Ældrerådets regnskab", "Plejehjemmet Egely"},
        {"Rådhuset Store Sal er", ""},
        {"FOA Grenaa har", "FOA Grenaa"},
        {"FOA\nVendsyssel har", "FOA\nVendsyssel"},
        {"Dansk Vandrelaug, Viborg Kommune og", "Dansk Vandrelaug"},
        {"DGI Midt- og Vestsjælland har", "DGI Midt- og Vestsjælland"},
        {"Dansk Vandrelaug, Vendsyssel, har", "Dansk Vandrelaug, Vendsyssel"},
        {"Dansk Vandrelaug, Viborg og Skive", "Dansk Vandrelaug"},
        {"Dansk Sygeplejeråd, Kreds Nordjylland", "Dansk Sygeplejeråd, Kreds Nordjylland"},
        {"Fredningsnævnet for Fyn, vestlig del", "Fredningsnævnet for Fyn, vestlig del"},
        {"Bramming Handel har", "Bramming Handel"},
        {"Varme Handel har", ""},
        {"Midtjydsk Kloak og Anlæg", "Midtjydsk Kloak og Anlæg"},
        {"Odder Gymnastik og Idrætsforening", "Odder Gymnastik og Idrætsforening"},
        {"Skive Byg og Bolig ApS bød", "Skive Byg og Bolig ApS"},
        {"Lemvig Murer og Flise ApS bød", "Lemvig Murer og Flise ApS"},
        {"Fagenheden Ejendomscenter", ""},
        {"Gl. Havn har", ""},
        {"Museet for Samtid og Odder Skole", "Museet for Samtid"},
        {"Foreningen for Kunst og Musik", "Foreningen for Kunst og Musik"},
        {"Sø- og\nHandelsretten har", "Sø- og\nHandelsretten"},
        {"Himmelev Skole har", "Himmelev Skole"},
        {"Brand & Redning Thy har", "Brand & Redning Thy"},
        {"Kommunalbestyrelsen har", ""},
        {"Folkeskolen er", ""},
        {"Dansk Folkeparti mener", ""},
        {"Teknik- og Miljøudvalget har", ""},
        {"Center for Børn og Unge", ""},
    };
    for (size_t i = 0; i < sizeof orgs / sizeof *orgs; i++) {
        char text[80 + BODY_PAD] = {0};
        size_t size = strlen(orgs[i].text);
        assert_true(size <= 80);
        memcpy(text, orgs[i].text, size);
        assert_int_equal(org_at(text, text + size).size, strlen(orgs[i].taken));
    }
}

/* The quick look ends a word where the slow one does, wherever it stands in its sixteen bytes. */
static void words_end_alike_however_they_are_looked_at(void **unused)
{
    (void)unused;
    static const char *const parts[] = {"Hans", "-", "å", "Ø", "9", " ", "§", "–", "'", "[", "`", "{", "@", "/", ":"};
    enum { PARTS = sizeof parts / sizeof *parts, LEAD = 20 };
    for (size_t i = 0; i < (size_t)PARTS * PARTS * PARTS * LEAD; i++) {
        char text[64 + BODY_PAD] = {0};
        size_t lead = i % LEAD, rest = i / LEAD;
        memset(text, 'x', lead);
        for (int n = 0; n < 3; n++, rest /= PARTS)
            memcpy(text + strlen(text), parts[rest % PARTS], strlen(parts[rest % PARTS]));
        assert_ptr_equal(glance_word_ahead(text), glance_word(text));
    }
}

static unsigned class_of(const char *word, size_t size)
{
    char text[80 + BODY_PAD] = {0};
    assert_true(size <= 80);
    memcpy(text, word, size);
    return word_class(text, text + size);
}

/* Every listed word has its class, and what is a byte longer, shorter or other has none of its own. */
static void words_have_the_classes_of_their_lists(void **unused)
{
    (void)unused;
    static const struct {
        struct span word;
        unsigned classes;
    } listed[] = {
#define FUNCTION_WORD(word) {WORD(word), CLASS_FUNCTION},
#include "function_word.def"
#define HOUSE(word) {WORD(word), CLASS_HOUSE | CLASS_TELLER},
#include "house.def"
#define FORM(word) {WORD(word), CLASS_TELLER},
#include "form.def"
    };
    static const struct span given[] = {
#define GIVEN_NAME(name) WORD(name),
#include "given_name.def"
    };
    for (size_t i = 0; i < sizeof listed / sizeof *listed; i++) {
        char other[80];
        struct span word = listed[i].word;
        assert_int_equal(class_of(word.at, word.size) & listed[i].classes, listed[i].classes);
        for (size_t at = 0; at < word.size; at++) {
            memcpy(other, word.at, word.size);
            other[at] ^= 0x60;
            assert_int_equal(class_of(other, word.size), 0);
        }
    }
    for (size_t i = 0; i < sizeof given / sizeof *given; i++) {
        char other[80] = {0};
        memcpy(other, given[i].at, given[i].size);
        assert_true(name_class(given[i]) & NAME_GIVEN);
        other[given[i].size] = '~';
        if (!strchr(other, '-')) /* else what stands before it is a name */
            assert_int_equal(name_class((struct span){other, given[i].size + 1}), 0);
    }
    assert_int_equal(class_of("Banedanmarks", 12), CLASS_FIRST_ALONE);
    assert_int_equal(class_of("", 0), 0);
    assert_int_equal(name_class(SPAN("Kaj-Xyzzy")) & NAME_GIVEN, NAME_GIVEN);
    assert_int_equal(name_class(SPAN("Xyzzy-Kaj")), 0);
}

static void a_look_at_figures_spares_the_rules(void **unused)
{
    (void)unused;
    static const struct {
        const char text[64];
        unsigned wants;
    } figures[] = {{"12 borgere", 0},
                   {"17.30", 0},
                   {"1. Godkendelse", 0},
                   {"4)", 0},
                   {"3 medlemmer", 0},
                   {"100 %", 0},
                   {"5. februar", FIGURE_DATE},
                   {"05.02.20", FIGURE_DATE | FIGURE_CASE},
                   {"5/2", FIGURE_DATE | FIGURE_CASE},
                   {"500.000 kr.", FIGURE_AMOUNT},
                   {"2,5\nmio. kr.", FIGURE_AMOUNT},
                   {"0-l0 kr.", FIGURE_AMOUNT},
                   {"22.000,-", FIGURE_AMOUNT},
                   {"600-700.000 kr.", FIGURE_AMOUNT | FIGURE_CASE},
                   {"19/11679", FIGURE_CASE},
                   {"2017-0229357", FIGURE_CASE},
                   {"2018", FIGURE_CASE}};
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
        char text[sizeof figures[i].text + BODY_PAD] = {0};
        const char *stop;
        memcpy(text, figures[i].text, strlen(figures[i].text));
        assert_int_equal(figure_wants(text, &stop), figures[i].wants);
        assert_true(stop > text && (*stop < '0' || *stop > '9'));
    }
}

static void nothing_reaches_beyond_the_end(void **unused)
{
    (void)unused;
    static const char words[] =
        "den 5. februar 2020 kr. 500.000 LBK nr 47 af 15.01.2019 § 8 Atea A/S 01.02.05-P16-4-18";
    char text[sizeof words + BODY_PAD] = {0};
    memcpy(text, words, sizeof words);
    for (size_t start = 0; start < sizeof words - 1; start++)
        for (size_t stop = start; stop < sizeof words - 1; stop++) {
            const char *at = text + start, *end = text + stop;
            size_t most = stop - start;
            assert_true(amount_at(at, end).size <= most && date_at(at, end).size <= most);
            assert_true(case_number_at(at, end).size <= most && law_at(at, end).size <= most);
            assert_true(org_at(at, end).size <= most && name_at(at, end).size <= most);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_have_their_value),
        cmocka_unit_test(sums_in_words_are_read_back_from_their_currency),
        cmocka_unit_test(what_is_no_sum_is_left),
        cmocka_unit_test(days_have_their_value),
        cmocka_unit_test(what_is_no_day_is_left),
        cmocka_unit_test(numbers_have_their_shape),
        cmocka_unit_test(acts_reach_as_far_as_their_paragraphs),
        cmocka_unit_test(a_look_misses_no_act),
        cmocka_unit_test(organisations_are_told_by_form_kind_or_ending),
        cmocka_unit_test(a_look_at_figures_spares_the_rules),
        cmocka_unit_test(nothing_reaches_beyond_the_end),
        cmocka_unit_test(words_end_alike_however_they_are_looked_at),
        cmocka_unit_test(words_have_the_classes_of_their_lists),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
