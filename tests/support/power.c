/* power: the test's side of power.h. */
#define _GNU_SOURCE
#include "power.h"

#include "random.h"
#include "temp.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>

struct loss {
    const char *shadow;
    uint64_t *random;
};

static void must(bool done, const char *path)
{
    if (done)
        return;
    fprintf(stderr, "power: %s: %s\n", path, strerror(errno));
    abort();
}

/* Is this one as it was, synced or not? */
static bool is_lucky(const struct loss *loss)
{
    return loss->random != NULL && random_below(loss->random, 2) == 0;
}

/* A file that is not there is empty. */
static void file_copy(const char *from, const char *to)
{
    char bytes[1 << 16];
    FILE *in = fopen(from, "rbe"), *out = fopen(to, "wbe");
    must(out != NULL, to);
    for (size_t size; in != NULL && (size = fread(bytes, 1, sizeof bytes, in)) > 0;)
        must(fwrite(bytes, 1, size, out) == size, to);
    must(fclose(out) == 0, to);
    if (in != NULL)
        fclose(in);
}

/* The key of a name that is there now. */
static bool key_now(const char *path, char key[static POWER_KEY_MAX])
{
    bool is_folder;
    return power_key(AT_FDCWD, path, key, &is_folder);
}

static void folder_restore(const struct loss *loss, const char *old, const char *key, const char *fresh);

/* One name of a folder. What it is now helps only if it still is the same file. */
static void name_restore(const struct loss *loss, const char *old, const char *fresh, const char *key, char type,
                         const char *name)
{
    char from[PATH_MAX], to[PATH_MAX], shadow[PATH_MAX], now[POWER_KEY_MAX];
    snprintf(from, sizeof from, "%s/%s", old, name);
    snprintf(to, sizeof to, "%s/%s", fresh, name);
    snprintf(shadow, sizeof shadow, "%s/%s", loss->shadow, key);
    bool same = key_now(from, now) && strcmp(now, key) == 0;
    if (type == 'd')
        folder_restore(loss, from, key, to);
    else
        file_copy(same && is_lucky(loss) ? from : shadow, to);
}

static void names_now(const struct loss *loss, const char *old, const char *fresh)
{
    DIR *folder = opendir(old);
    for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
        char key[POWER_KEY_MAX];
        bool is_folder;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 || entry->d_type == DT_LNK ||
            !power_key(dirfd(folder), entry->d_name, key, &is_folder))
            continue;
        name_restore(loss, old, fresh, key, is_folder ? 'd' : 'f', entry->d_name);
    }
    if (folder != NULL)
        closedir(folder);
}

static void names_synced(const struct loss *loss, const char *old, const char *key, const char *fresh)
{
    char path[PATH_MAX], line[POWER_KEY_MAX + NAME_MAX + 8], entry[POWER_KEY_MAX], name[NAME_MAX + 1], type;
    snprintf(path, sizeof path, "%s/%s.dir", loss->shadow, key);
    FILE *names = fopen(path, "re"); /* never synced: it is empty */
    while (names != NULL && fgets(line, sizeof line, names) != NULL)
        if (sscanf(line, "%63s %c %255[^\n]", entry, &type, name) == 3)
            name_restore(loss, old, fresh, entry, type, name);
    if (names != NULL)
        fclose(names);
}

static void folder_restore(const struct loss *loss, const char *old, const char *key, const char *fresh)
{
    char now[POWER_KEY_MAX];
    must(mkdir(fresh, 0750) == 0, fresh);
    if (key_now(old, now) && strcmp(now, key) == 0 && is_lucky(loss))
        names_now(loss, old, fresh);
    else
        names_synced(loss, old, key, fresh);
}

/* All of it is on disk now: the shadow begins anew. */
static void shadow_renew(const char *folder, const char *shadow)
{
    char path[PATH_MAX];
    DIR *names = opendir(folder);
    int self = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    must(names != NULL && self >= 0, folder);
    power_synced(self);
    close(self);
    for (struct dirent *entry; (entry = readdir(names)) != NULL;) {
        struct stat about;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (entry->d_type == DT_LNK) /* whoever needs one makes it again */
            continue;
        must(stat(path, &about) == 0, path);
        if (S_ISDIR(about.st_mode)) {
            shadow_renew(path, shadow);
            continue;
        }
        int file = open(path, O_RDONLY | O_CLOEXEC);
        must(file >= 0, path);
        power_synced(file);
        close(file);
    }
    closedir(names);
}

void power_loss(const char *folder, const char *shadow, uint64_t *random)
{
    struct loss loss = {shadow, random};
    char key[POWER_KEY_MAX], fresh[PATH_MAX];
    must(key_now(folder, key), folder);
    snprintf(fresh, sizeof fresh, "%s.restored", folder);
    folder_restore(&loss, folder, key, fresh);
    temp_remove(folder);
    must(rename(fresh, folder) == 0, folder);
    temp_remove(shadow);
    must(mkdir(shadow, 0700) == 0, shadow);
    must(setenv("REFERENT_POWER", shadow, 1) == 0, shadow); /* for power_synced, here */
    shadow_renew(folder, shadow);
    unsetenv("REFERENT_POWER");
}

/* ---- what would be lost */

static char *file_whole(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rbe");
    char *bytes = NULL;
    FILE *copy = open_memstream(&bytes, size);
    must(copy != NULL, path);
    for (int byte; file != NULL && (byte = getc(file)) != EOF;)
        putc(byte, copy);
    must(fclose(copy) == 0, path);
    if (file != NULL)
        fclose(file);
    return bytes;
}

static bool bytes_kept(const char *path, const char *shadow)
{
    size_t size, synced_size;
    char *bytes = file_whole(path, &size), *synced = file_whole(shadow, &synced_size);
    bool kept = size == synced_size && memcmp(bytes, synced, size) == 0;
    free(bytes);
    free(synced);
    return kept;
}

static size_t lines_of(const char *text)
{
    size_t lines = 0;
    for (; (text = strchr(text, '\n')) != NULL; text++)
        lines++;
    return lines;
}

/* The names of a folder when it was synced, to free; "" if it never was. */
static char *names_read(const char *folder, const char *shadow)
{
    char key[POWER_KEY_MAX], path[PATH_MAX];
    size_t size;
    must(key_now(folder, key), folder);
    snprintf(path, sizeof path, "%s/%s.dir", shadow, key);
    return file_whole(path, &size);
}

static bool name_stands(const char *names, int folder, const char *name)
{
    char line[POWER_KEY_MAX + NAME_MAX + 8], key[POWER_KEY_MAX];
    bool is_folder;
    must(power_key(folder, name, key, &is_folder), name);
    snprintf(line, sizeof line, "%s %c %s\n", key, is_folder ? 'd' : 'f', name);
    return strstr(names, line) != NULL;
}

static bool names_kept(const char *path, const char *shadow)
{
    char *names = names_read(path, shadow);
    size_t count = 0;
    bool kept = true;
    DIR *folder = opendir(path);
    must(folder != NULL, path);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        kept = kept && name_stands(names, dirfd(folder), entry->d_name);
        count++;
    }
    closedir(folder);
    kept = kept && count == lines_of(names); /* a name that is gone would come back */
    free(names);
    return kept;
}

bool power_named(const char *path, const char *shadow)
{
    char above[PATH_MAX];
    const char *slash = strrchr(path, '/');
    must(slash != NULL, path);
    snprintf(above, sizeof above, "%.*s", (int)(slash - path), path);
    char *names = names_read(above, shadow);
    int folder = open(above, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    must(folder >= 0, above);
    bool named = name_stands(names, folder, slash + 1);
    close(folder);
    free(names);
    return named;
}

bool power_kept(const char *path, const char *shadow)
{
    char key[POWER_KEY_MAX], synced[PATH_MAX];
    bool is_folder;
    must(power_key(AT_FDCWD, path, key, &is_folder), path);
    snprintf(synced, sizeof synced, "%s/%s", shadow, key);
    return is_folder ? names_kept(path, shadow) : bytes_kept(path, synced);
}
