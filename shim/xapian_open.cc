// Databases opened, moved to their newest commit, and looked at for what overtook a reader.
#include "inside.h"

#include <unistd.h>

using std::string;

// A path to a stub may lead elsewhere next time.
static bool is_local(const string &path)
{
    return access((path + "/iamglass").c_str(), F_OK) == 0;
}

static bool is_newest(const struct opened &opened)
{
    return opened.file != nullptr && opened.file->is_newest(opened.path);
}

// To the newest commit; whether there was one. What fails in the middle is of no use any more.
static bool opened_move(struct opened &opened)
{
    if (is_newest(opened))
        return false;
    opened.file.reset();
    auto file = std::make_shared<revision_file>(opened.path); // before what it names is opened
    bool moved = opened.database.reopen();
    opened.file = std::move(file);
    return moved;
}

static struct opened opened_new(const string &path)
{
    auto file = std::make_shared<revision_file>(path); // before what it names is opened
    return {path, Xapian::Database(path), std::make_shared<struct counted>(), std::move(file), false};
}

// What `before` has open there, at its newest commit; false if it has not, or if another database stands there now.
static bool take_over(struct database *before, const string &path, struct opened &one)
{
    if (before == nullptr)
        return false;
    for (struct opened &opened : before->opened)
        if (opened.path == path && opened.file != nullptr) {
            if (!is_newest(opened)) {
                if (!is_local(path))
                    return false;
                string uuid = opened.database.get_uuid();
                try {
                    (void)opened_move(opened);
                } catch (const Xapian::DatabaseError &) {
                    return false; // opening it says what is wrong
                }
                if (opened.database.get_uuid() != uuid)
                    return false;
            }
            one = opened;
            one.taken = false;
            return opened.taken = true;
        }
    return false;
}

static void part_open(struct database &database, const struct database_row &row, struct database *before = nullptr)
{
    std::vector<struct opened> opened;
    for (size_t i = 0; i < row.count; i++) {
        string path = row.paths[i];
        struct opened one;
        if (!take_over(before, path, one))
            one = opened_new(path);
        opened.push_back(one);
    }
    database.totals.clear();
    database.parts.emplace_back();
    database.heads.push_back({database.opened.size(), is_local(opened[0].path)});
    for (size_t i = 0; i < row.count; i++) {
        database.local = database.local && is_local(opened[i].path);
        database.parts.back().add_database(opened[i].database);
        database.all.add_database(opened[i].database);
        database.opened.push_back(opened[i]);
    }
}

enum fault database_open_known(const char *path, struct database **out, struct error *err)
{
    return guarded(err, "database.open", [&] {
        auto database = std::make_unique<struct database>();
        try {
            part_open(*database, {&path, 1});
        } catch (const Xapian::DatabaseError &e) {
            if (!is_damage(e))
                throw;
            return error_set(err, FAULT_STOP, "database.damaged", "%s", e.get_msg().c_str());
        }
        *out = database.release();
        return FAULT_NONE;
    });
}

enum fault database_open_read(const char *const *paths, size_t count, struct database **out, struct error *err)
{
    return guarded(err, "database.open", [&] {
        auto database = std::make_unique<struct database>();
        for (size_t i = 0; i < count; i++)
            part_open(*database, {&paths[i], 1});
        *out = database.release();
        return FAULT_NONE;
    });
}

enum fault database_open_rows(const struct database_row *rows, size_t count, struct database **out, struct error *err)
{
    return guarded(err, "database.open", [&] {
        auto database = std::make_unique<struct database>();
        for (size_t i = 0; i < count; i++)
            part_open(*database, rows[i]);
        *out = database.release();
        return FAULT_NONE;
    });
}

enum fault database_open_none(struct database **out, struct error *err)
{
    return guarded(err, "database.open", [&] {
        *out = std::make_unique<struct database>().release();
        return FAULT_NONE;
    });
}

enum fault database_open_row(struct database *database, const struct database_row *row, struct database *before,
                             struct error *err)
{
    return guarded(err, "database.open", [&] {
        part_open(*database, *row, before);
        return FAULT_NONE;
    });
}

void database_leave(struct database **before, struct database **rest)
{
    *rest = nullptr;
    if (*before == nullptr)
        return;
    struct error ignored;
    (void)guarded(&ignored, "database.close", [&] {
        auto left = std::make_unique<struct database>();
        for (struct opened &opened : (*before)->opened)
            if (!opened.taken)
                left->opened.push_back(std::move(opened));
        if (!left->opened.empty())
            *rest = left.release();
        return FAULT_NONE;
    });
    database_close(before);
}

enum fault database_refresh(struct database *database, bool *moved, struct error *err)
{
    return guarded(err, "database.refresh", [&] {
        bool newer = false;
        for (const struct head &head : database->heads) {
            struct opened &opened = database->opened[head.place];
            if (head.local && is_newest(opened))
                continue;
            database->behind = database->behind || head.local; // also where it was only touched, or fails now
            newer = opened_move(opened) || newer;
            database->behind = database->behind || newer;
        }
        if (database->behind) {
            database->totals.clear();
            for (struct opened &opened : database->opened)
                newer = opened_move(opened) || newer;
        }
        database->behind = false;
        if (moved != nullptr)
            *moved = newer;
        return FAULT_NONE;
    });
}

// A young segment is committed before the head that its change belongs to, once for each commit or touch of the head.
enum fault database_whole(struct database *database, struct error *err)
{
    return guarded(err, "database.whole", [&] {
        for (size_t i = 0; i < database->heads.size(); i++) {
            const struct head &head = database->heads[i];
            size_t end = i + 1 < database->heads.size() ? database->heads[i + 1].place : database->opened.size();
            if (!head.local || is_newest(database->opened[head.place]))
                continue;
            for (size_t place = head.place; place < end; place++) {
                const struct opened &one = database->opened[place];
                if (is_newest(one) || revision_is_whole(one.path, one.database))
                    continue;
                database->behind = true;
                return error_set(err, FAULT_REOPEN, "database.overtaken",
                                 "commits may have written over what was read");
            }
        }
        return FAULT_NONE;
    });
}

void database_touch(const char *path)
{
    revision_touch(path);
}
