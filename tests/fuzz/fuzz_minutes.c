/* fuzz_minutes: the whole reading. Offsets lie inside the bytes given and on characters, entities of one type never
 * overlap, items follow one another, CPR numbers are masked at equal length, and the same bytes give the same JSON, in
 * bounded time. */
#include "property.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span body = property_text(data, size);
    for (int media = MEDIA_MARKDOWN; media <= MEDIA_HTML && body.size; media++)
        property_framed("", body, "", (enum media_type)media, NULL);
    return 0;
}
