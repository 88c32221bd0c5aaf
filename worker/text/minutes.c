/* minutes: the whole reading of one document, stage by stage. Pure; called on a text thread. */
#include "minutes.h"

const char *entity_type_name(enum entity_type type)
{
    static const char *const names[ENTITY_TYPES] = {"member", "official", "case", "document", "kle",
                                                    "amount", "date",     "law",  "org",      "item"};
    return names[type];
}

const char *outcome_name(enum outcome outcome)
{
    static const char *const names[] = {"none",      "approved", "recommended", "noted", "discussed",
                                        "postponed", "rejected", "referred",    "other"};
    return names[outcome];
}

const char *section_kind_name(enum section_kind kind)
{
    static const char *const names[] = {"summary",    "recommendation", "decision", "presentation",
                                        "competence", "economy",        "law",      "attachments",
                                        "history",    "other"};
    return names[kind];
}
