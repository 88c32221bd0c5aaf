/* mistake: the one that is being made, and what they are. In the test library alone. */
#include "mistake.h"

enum mistake bulk_mistake = MISTAKE_NONE;

const char *const mistake_texts[MISTAKES] = {"none",
#define X(name, what) #name ": " what,
                                             BULK_MISTAKES(X)
#undef X
};
