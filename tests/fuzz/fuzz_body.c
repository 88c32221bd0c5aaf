/* fuzz_body: cleaning. Clean text is valid and no longer than what was given, holds no NUL, and every clean offset on a
 * character leads back to a character of the given bytes, in order. */
#include "property.h"

#include "body.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_body(struct span raw, enum media_type media)
{
    struct arena *arena = arena_new((size_t)1 << 30);
    struct body body;
    struct error error = {0};
    PROPERTY(arena != NULL);
    PROPERTY(body_clean(arena, raw, media, &body, &error) == FAULT_NONE);
    struct span text = {body.text.at, body.text.size};
    PROPERTY(text.size <= raw.size && text.at[text.size] == 0);
    PROPERTY(utf8_valid(text, NULL));
    PROPERTY(memchr(text.at, 0, text.size) == NULL);
    size_t last = 0, near = 0;
    for (size_t at = 0; at < text.size; at++) {
        if (!property_boundary(text, at))
            continue;
        size_t start = body_start(&body, at, &near), sought = 0;
        PROPERTY(start >= last && start < raw.size && property_boundary(raw, start));
        PROPERTY(body_start(&body, at, &sought) == start && sought == near);
        if (at) {
            size_t end = body_end(&body, at, near);
            PROPERTY(end <= start && property_boundary(raw, end) && body_end(&body, at, 0) == end);
        }
        last = start;
    }
    PROPERTY(body_end(&body, text.size, near) <= raw.size);
    arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span raw = property_text(data, size);
    char *bytes = property_copy(raw);
    for (int media = MEDIA_MARKDOWN; media <= MEDIA_HTML && raw.size; media++)
        check_body((struct span){bytes, raw.size}, (enum media_type)media);
    free(bytes);
    return 0;
}
