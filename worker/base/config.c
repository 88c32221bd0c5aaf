/* config: one table of keys; file, command line and --check-config all go through it. */
#include "config.h"

#include <errno.h>
#include <ini.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MIB (UINT64_C(1024) * 1024)

struct key {
    const char *name;
    size_t offset;
    bool is_text;
    const char *text;            /* default of a text */
    uint64_t value, least, most; /* default and bounds of a number */
};

#define TEXT(name, value)                                                                                              \
    {                                                                                                                  \
#name, offsetof(struct config, name), true, value, 0, 0, 0                                                     \
    }
#define NUMBER(name, value, least, most)                                                                               \
    {                                                                                                                  \
#name, offsetof(struct config, name), false, NULL, value, least, most                                          \
    }

static const struct key keys[] = {
    TEXT(data_dir, "/var/lib/referent"),
    TEXT(feed_endpoint, "tcp://127.0.0.1:7700"),
    TEXT(search_endpoint, "tcp://127.0.0.1:7701"),
    TEXT(roles, "index,search"),
    TEXT(log_level, "info"),
    NUMBER(shards, 0, 0, 256),
    NUMBER(text_threads, 0, 0, 256),
    NUMBER(search_threads, 2, 1, 256),
    NUMBER(credit_bytes, 64 * MIB, MIB, 4096 * MIB),
    NUMBER(credit_messages, 2048, 1, 16384),
    NUMBER(in_flight_bytes, 256 * MIB, MIB, 65536 * MIB),
    NUMBER(in_flight_messages, 8192, 1, 16384),
    NUMBER(commit_max_docs, 512, 1, 16384),
    NUMBER(commit_max_bytes, 128 * MIB, MIB, 4096 * MIB),
    NUMBER(commit_max_age_ms, 1000, 1, 3600000),
    NUMBER(commit_min_gap_ms, 100, 0, 60000),
    NUMBER(commit_idle_ms, 20, 0, 60000),
    NUMBER(young_segments, 8, 0, 8),
    NUMBER(young_documents, 64, 1, 16384),
    NUMBER(rebuild_threads, 2, 0, 64),
    NUMBER(bulk_memory_bytes, 512 * MIB, MIB, 65536 * MIB),
    NUMBER(bulk_from_documents, 1000, 0, 1000000000),
    NUMBER(bulk_idle_ms, 2000, 1, 3600000),
    NUMBER(arena_max_bytes, 1024 * MIB, MIB, 65536 * MIB),
    NUMBER(document_max_ms, 60000, 100, 3600000),
    NUMBER(memory_max_bytes, 0, 0, 1048576 * MIB),
    NUMBER(disk_reserve_bytes, 256 * MIB, 0, 1048576 * MIB),
    NUMBER(search_timeout_ms, 5000, 1, 600000),
    NUMBER(search_queue, 1024, 1, 65536),
    NUMBER(search_lists_bytes, 64 * MIB, 0, 65536 * MIB),
    NUMBER(dead_max_bytes, 1024 * MIB, 32 * MIB, 1048576 * MIB),
    NUMBER(dead_max_count, 100000, 1, 10000000),
    NUMBER(drain_timeout_ms, 30000, 1, 3600000),
};
enum { KEYS = sizeof keys / sizeof keys[0] };

static char *text_of(struct config *config, const struct key *key)
{
    return (char *)config + key->offset;
}

static uint64_t *number_of(struct config *config, const struct key *key)
{
    return (uint64_t *)(void *)((char *)config + key->offset);
}

void config_default(struct config *config)
{
    memset(config, 0, sizeof *config);
    for (size_t i = 0; i < KEYS; i++)
        if (keys[i].is_text)
            snprintf(text_of(config, &keys[i]), CONFIG_TEXT_MAX, "%s", keys[i].text);
        else
            *number_of(config, &keys[i]) = keys[i].value;
}

enum fault config_set(struct config *config, const char *name, const char *value, struct error *err)
{
    const struct key *key = NULL;
    for (size_t i = 0; i < KEYS && key == NULL; i++)
        if (strcmp(keys[i].name, name) == 0)
            key = &keys[i];
    if (key == NULL)
        return error_set(err, FAULT_REJECT, "config.key", "there is no key '%s'", name);
    if (key->is_text) {
        if (strlen(value) >= CONFIG_TEXT_MAX)
            return error_set(err, FAULT_REJECT, "config.value", "%s is longer than %d bytes", name,
                             CONFIG_TEXT_MAX - 1);
        snprintf(text_of(config, key), CONFIG_TEXT_MAX, "%s", value);
        return FAULT_NONE;
    }
    char *end;
    errno = 0;
    uint64_t number = strtoull(value, &end, 10);
    if (errno != 0 || end == value || *end != '\0' || *value == '-' || number < key->least || number > key->most)
        return error_set(err, FAULT_REJECT, "config.value",
                         "%s must be a whole number from %" PRIu64 " to %" PRIu64 ", not '%s'", name, key->least,
                         key->most, value);
    *number_of(config, key) = number;
    return FAULT_NONE;
}

struct reading {
    struct config *config;
    struct error *err;
    enum fault fault;
};

static int take_pair(void *opaque, const char *section, const char *name, const char *value)
{
    struct reading *reading = opaque;
    if (reading->fault != FAULT_NONE)
        return 0;
    if (section[0] != '\0')
        reading->fault =
            error_set(reading->err, FAULT_REJECT, "config.key", "sections such as [%s] are not used", section);
    else
        reading->fault = config_set(reading->config, name, value, reading->err);
    return reading->fault == FAULT_NONE;
}

enum fault config_read(struct config *config, const char *path, struct error *err)
{
    struct error inner = {0};
    struct reading reading = {config, &inner, FAULT_NONE};
    int line = ini_parse(path, take_pair, &reading);
    if (line < 0)
        return error_set(err, FAULT_REJECT, "config.file", "cannot read %s: %s", path, strerror(errno));
    if (reading.fault != FAULT_NONE)
        return error_set(err, reading.fault, inner.rule, "%s, line %d: %s", path, line, inner.text);
    if (line > 0)
        return error_set(err, FAULT_REJECT, "config.file", "%s, line %d is not of the form key = value", path, line);
    return FAULT_NONE;
}

bool config_has_role(const struct config *config, const char *role)
{
    size_t size = strlen(role);
    for (const char *at = config->roles; *at;) {
        size_t length = strcspn(at, ", ");
        if (length == size && memcmp(at, role, size) == 0)
            return true;
        at += length;
        at += strspn(at, ", ");
    }
    return false;
}

static bool roles_known(const char *roles)
{
    size_t count = 0;
    for (const char *at = roles + strspn(roles, ", "); *at; count++) {
        size_t length = strcspn(at, ", ");
        bool known = (length == 5 && memcmp(at, "index", 5) == 0) || (length == 6 && memcmp(at, "search", 6) == 0);
        if (!known)
            return false;
        at += length;
        at += strspn(at, ", ");
    }
    return count > 0;
}

/* Whoever reaches an endpoint may feed and search, as long as there are no keys. */
static enum fault endpoint_check(const char *key, const char *endpoint, struct error *err)
{
    static const char *const local[] = {"tcp://127.", "tcp://localhost:", "tcp://[::1]:", "ipc://"};
    for (size_t i = 0; i < sizeof local / sizeof local[0]; i++)
        if (strncmp(endpoint, local[i], strlen(local[i])) == 0)
            return FAULT_NONE;
    return error_set(err, FAULT_REJECT, "config.value",
                     "%s = %.100s is no loopback address; give one such as tcp://127.0.0.1:7700", key, endpoint);
}

enum fault config_check(const struct config *config, struct error *err)
{
    TRY(endpoint_check("feed_endpoint", config->feed_endpoint, err));
    TRY(endpoint_check("search_endpoint", config->search_endpoint, err));
    if (!roles_known(config->roles))
        return error_set(err, FAULT_REJECT, "config.value", "roles must be index, search or both, not '%s'",
                         config->roles);
    if (config->data_dir[0] == '\0')
        return error_set(err, FAULT_REJECT, "config.value", "data_dir is empty; give the folder of the index");
    if (config->in_flight_messages < config->credit_messages || config->in_flight_bytes < config->credit_bytes)
        return error_set(err, FAULT_REJECT, "config.value", "in_flight_* must not be below credit_*");
    static const char *const levels[] = {"debug", "info", "warn", "error"};
    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++)
        if (strcmp(levels[i], config->log_level) == 0)
            return FAULT_NONE;
    return error_set(err, FAULT_REJECT, "config.value", "log_level must be debug, info, warn or error, not '%s'",
                     config->log_level);
}

const char *config_key_name(size_t n)
{
    return n < KEYS ? keys[n].name : NULL;
}

void config_key_value(const struct config *config, size_t n, char out[static CONFIG_TEXT_MAX])
{
    const char *at = (const char *)config + keys[n].offset;
    if (keys[n].is_text)
        snprintf(out, CONFIG_TEXT_MAX, "%s", at);
    else
        snprintf(out, CONFIG_TEXT_MAX, "%" PRIu64, *(const uint64_t *)(const void *)at);
}
