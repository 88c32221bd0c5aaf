/* fuzz_attachment: lists of attachments. What leads a title, what stands behind it and where the next one begins lie
 * inside the line; each attachment has a title or a document. The data stand as the list of an item, on lines of its
 * own and behind the label. */
#include "lines.h"

#include "decision.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_entry(struct span entry)
{
    for (size_t expected = 1; expected <= 12; expected++)
        for (int bare = 0; bare < 2; bare++) {
            size_t lead = attachment_lead(entry, expected, bare != 0);
            PROPERTY(lead <= entry.size && property_boundary(entry, lead));
        }
    for (int number = 0; number < 2; number++)
        property_inside(entry, attachment_tail(entry, number != 0));
    PROPERTY(attachment_bullet(entry) <= entry.size);
}

/* A line as the list is read: one title after the other, each by itself, and no more of them than bytes. */
static void check_line(struct span line)
{
    (void)attachment_files(line);
    (void)attachment_columns(line);
    for (int labelled = 0; labelled < 2; labelled++) {
        size_t number = 1;
        for (size_t at = 0; at < line.size; number++) {
            struct span rest = span_cut(line, at, line.size);
            size_t stop = attachment_next(rest, 1, labelled != 0, number + 1);
            PROPERTY(stop > 0 && stop <= rest.size && property_boundary(rest, stop));
            check_entry(text_trim(span_cut(rest, 0, stop), ",;|"));
            at += stop;
        }
    }
}

static void check_attachments(const struct minutes *minutes)
{
    for (size_t i = 0; i < minutes->meeting.item_count; i++) {
        const struct item *item = &minutes->meeting.items[i];
        for (size_t j = 0; j < item->attachment_count; j++) {
            const struct attachment *attachment = &item->attachments[j];
            PROPERTY(attachment->title.size > 0 || attachment->document.size > 0);
            PROPERTY(utf8_valid(attachment->title, NULL) && utf8_valid(attachment->document, NULL));
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char rest[] = "\n\n2. Eventuelt\n\nBeslutning\n\nIntet.\n";
    struct span text = property_text(data, size > 4000 ? 4000 : size);
    lines_check(text, check_line);
    property_framed("Byrådet\n\n1. Havnen\n\nBeslutning\n\nGodkendt.\n\nBilag\n\n", text, rest, MEDIA_MARKDOWN,
                    check_attachments);
    property_framed("Byrådet\n\n1. Havnen\n\nBeslutning\n\nGodkendt.\n\nBilag: ", text, rest, MEDIA_PLAIN,
                    check_attachments);
    return 0;
}
