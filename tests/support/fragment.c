/* fragment: pieces of minutes to be repeated. Invented people. */
#include "fragment.h"

#include <string.h>

/* clang-format off */
#define PLAIN(name, text)    {name, {text, sizeof(text) - 1}, MEDIA_PLAIN}
#define MARKDOWN(name, text) {name, {text, sizeof(text) - 1}, MEDIA_MARKDOWN}
#define HTML(name, text)     {name, {text, sizeof(text) - 1}, MEDIA_HTML}
const struct fragment fragments[] = {
    PLAIN("digits", "7"),
    PLAIN("brackets", "("),
    PLAIN("brackets both", "()"),
    PLAIN("one name", "Ove Dalsgaard Høst "),
    PLAIN("one name a line", "Ove Dalsgaard Høst\n"),
    PLAIN("one name stuck", "OveDalsgaardHøst"),
    PLAIN("names in a list", "Ove Dalsgaard Høst (A), Kirsten Munk Aagesen (V), "),
    PLAIN("kr.", "kr. "),
    PLAIN("kr. stuck", "kr."),
    PLAIN("bars", "|"),
    PLAIN("bars apart", " | "),
    PLAIN("line ends", "\n"),
    PLAIN("line ends of Windows", "\r\n"),
    PLAIN("paragraphs", "§ 1 "),
    PLAIN("paragraphs joined", "§ 1, stk. 2, nr. 3 og "),
    PLAIN("case labels", "Sagsnr. "),
    PLAIN("case labels a line", "Sagsnr.:\n"),
    PLAIN("case numbers", "19/2484 "),
    PLAIN("case numbers a line", "Sagsnr. 19/2484\n"),
    PLAIN("headings", "1. Godkendelse af dagsorden\n"),
    PLAIN("bare numbers a line", "1 \n"),
    PLAIN("sections", "Beslutning\n"),
    PLAIN("sections and headings", "1. Orientering\nBeslutning\nGodkendt.\n"),
    PLAIN("deciders", "Beslutning i Byrådet den 27. november 2018:\n"),
    PLAIN("a roster line", "Medlemmer: Ove Dalsgaard Høst (A), Kirsten Munk Aagesen (V)\n"),
    PLAIN("members alone", "Medlemmer:\n"),
    PLAIN("absent", "Fraværende: Ove Dalsgaard Høst\n"),
    PLAIN("contents", "Indholdsfortegnelse\n"),
    PLAIN("contents entries", "1. Orientering ..... 2\n"),
    PLAIN("bullets", "- "),
    PLAIN("bullets a line", "- at\n"),
    PLAIN("spaces", " "),
    PLAIN("tabs", "\t"),
    PLAIN("a letter beyond ASCII", "å"),
    PLAIN("capitals beyond ASCII", "Å "),
    PLAIN("capitals", "A "),
    PLAIN("capitals stuck", "A"),
    PLAIN("initials", "A. "),
    PLAIN("initials stuck", "A."),
    PLAIN("spaced letters", "B e s l u t n i n g "),
    PLAIN("spaced digits", "2 0 0.0 0 0 "),
    PLAIN("hyphens", "-"),
    PLAIN("dashes", "–"),
    PLAIN("broken words", "vurde-\n"),
    PLAIN("broken numbers", "15/\n"),
    PLAIN("dates", "5. februar 2020 "),
    PLAIN("days led", "Onsdag den "),
    PLAIN("slashes", "1/2"),
    PLAIN("amounts", "1.000 "),
    PLAIN("amounts stuck", "1.000."),
    PLAIN("amount ranges", "4-5 mio. kr. "),
    PLAIN("laws about", "lov om "),
    PLAIN("laws about and", "lov om leje og "),
    PLAIN("orgs", "Valhøj Skole og "),
    PLAIN("orgs joined", "Jord og "),
    PLAIN("halves", "Slots- og "),
    PLAIN("times", "Kl. 15.30 "),
    PLAIN("closing notes", "Mødet hævet kl. 13.03. "),
    PLAIN("votes", "For stemte A, B og C. "),
    PLAIN("votes without end", "stemte for "),
    PLAIN("outcomes", "Godkendt. "),
    PLAIN("came instead", "I stedet deltog Ove Dalsgaard Høst. "),
    PLAIN("attachments", "Bilag\n1. Kort.pdf (12345/20)\n"),
    PLAIN("pages", "Side 1 af 2\n"),
    PLAIN("CPR numbers", "010203-1234 "),
    PLAIN("CPR numbers stuck", "010203-1234"),
    PLAIN("commas", ","),
    PLAIN("points", "."),
    PLAIN("colons", ":"),
    PLAIN("a row", "Løn\t1.000\t2.000\n"),
    PLAIN("a row under a unit", "1.000 kr.\t2020\n"),
    PLAIN("NUL", "\0"),
    MARKDOWN("stars", "*"),
    MARKDOWN("stars apart", "** "),
    MARKDOWN("headings marked", "# "),
    MARKDOWN("headings stuck", "#"),
    MARKDOWN("links", "[a](b) "),
    MARKDOWN("links open", "[a"),
    MARKDOWN("link tails", "]("),
    MARKDOWN("backslashes", "\\"),
    HTML("cells", "<td>"),
    HTML("cells closed", "<td>1</td>"),
    HTML("rows", "<tr><td>1.000<td>2</tr>"),
    HTML("angles", "<"),
    HTML("comments", "<!--"),
    HTML("scripts", "<script>"),
    HTML("entities", "&aring;"),
    HTML("ampersands", "&"),
    HTML("breaks", "<br>"),
};
/* clang-format on */
const size_t fragment_count = sizeof fragments / sizeof *fragments;

struct text fragment_repeat(struct arena *arena, const struct fragment *fragment, size_t bytes)
{
    size_t size = fragment->text.size, count = bytes / size;
    char *out = arena_alloc(arena, count * size + 1);
    if (out == NULL)
        return (struct text){NULL, 0};
    for (size_t i = 0; i < count; i++)
        memcpy(out + i * size, fragment->text.at, size);
    out[count * size] = '\0';
    return (struct text){out, count * size};
}
