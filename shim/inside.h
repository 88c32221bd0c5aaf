// What the files of the shim share: exceptions end in guarded(), nothing else catches.
#ifndef REFERENT_SHIM_INSIDE_H
#define REFERENT_SHIM_INSIDE_H

#include "xapian_lists.h"
#include "xapian_overtaken.h"

#include <xapian.h>

#include <memory>
#include <new>
#include <string>
#include <unordered_map>
#include <vector>

inline std::string string_of(struct span bytes)
{
    return bytes.size ? std::string(bytes.at, bytes.size) : std::string();
}

/* The arena's bound is a refusal of its own, so that it is not mistaken for lack of memory. */
struct arena_bound {
};

inline struct span keep(struct arena *arena, const std::string &bytes)
{
    struct text copy = arena_copy(arena, {bytes.data(), bytes.size()});
    if (copy.at == nullptr)
        throw arena_bound();
    return {copy.at, copy.size};
}

/* `where` names the rule of a fault; `refusal`, if it is another, that of a refused document. */
template <class Body>
enum fault guarded(struct error *err, const char *where, Body body, const char *refusal = nullptr) noexcept
{
    try {
        return body();
    } catch (const arena_bound &) {
        return arena_full(err);
    } catch (const Xapian::DatabaseCorruptError &e) {
        return error_set(err, FAULT_STOP, "database.damaged", "%s: %s; see `referent check --repair`", where,
                         e.get_msg().c_str());
    } catch (const Xapian::DatabaseVersionError &e) {
        return error_set(err, FAULT_STOP, where, "%s", e.get_msg().c_str());
    } catch (const Xapian::DatabaseLockError &e) {
        return error_set(err, FAULT_RETRY, where, "%s", e.get_msg().c_str());
    } catch (const Xapian::DatabaseError &e) { // modified, closed, opening, disk full
        return error_set(err, FAULT_REOPEN, where, "%s: %s%s%s", e.get_type(), e.get_msg().c_str(),
                         e.get_error_string() ? ": " : "", e.get_error_string() ? e.get_error_string() : "");
    } catch (const Xapian::NetworkError &e) {
        return error_set(err, FAULT_REOPEN, where, "%s", e.get_msg().c_str());
    } catch (const Xapian::InvalidArgumentError &e) {
        return error_set(err, FAULT_REJECT, refusal ? refusal : where, "%s", e.get_msg().c_str());
    } catch (const Xapian::RangeError &e) {
        return error_set(err, FAULT_REJECT, where, "%s", e.get_msg().c_str());
    } catch (const Xapian::DocNotFoundError &e) {
        return error_set(err, FAULT_REJECT, where, "%s", e.get_msg().c_str());
    } catch (const std::bad_alloc &) {
        return error_set(err, FAULT_REOPEN, where, "out of memory; lower commit_max_bytes");
    } catch (const Xapian::Error &e) {
        return error_set(err, FAULT_STOP, where, "%s: %s", e.get_type(), e.get_msg().c_str());
    } catch (...) {
        return error_set(err, FAULT_STOP, where, "not a Xapian error");
    }
}

struct writing; // xapian_write.cc

/* Does opening say that a database is broken, unlike one that cannot be opened now? */
bool is_damage(const Xapian::DatabaseError &e);

/* How many documents have a term, as asked so far, of one database at one commit. Each question names some ten terms in
 * ways that may or may not be in the index, and Xapian reads a block for each of them in each database. */
struct counted {
    Xapian::rev revision = 0;
    std::unordered_map<std::string, Xapian::doccount> of;
};

struct opened {
    std::string path;
    Xapian::Database database;
    std::shared_ptr<struct counted> counted; // goes on with the database when a row is opened anew, as does the file
    std::shared_ptr<revision_file> file;     // of this snapshot, or of one before it; unset: reopening failed
    bool taken = false;                      // by such a row
};

enum { COUNTED_MAX = 2048 /* terms, some 150 KB */ };

/* On the database's thread. */
Xapian::doccount opened_frequency(struct opened &opened, const std::string &term);

/* The first of a part: every change of the part ends with a commit of it. */
struct head {
    size_t place; /* among all that are open */
    bool local;   /* its path led to a database, not to a stub */
};

struct database {
    std::vector<struct opened> opened;   // all of them, sharing their snapshots with what follows
    std::vector<Xapian::Database> parts; // share their snapshots with `all`
    std::vector<struct head> heads;
    bool behind = false; // a head has moved, or was overtaken, and not yet all others have
    bool local = true;   // every path led to a database, none to a stub
    Xapian::Database all;
    std::unordered_map<std::string, uint64_t> totals; // of counted, over all that are open, until one of them moves
    struct writing *writing = nullptr;                // NULL: open for reading
    Xapian::WritableDatabase *writable = nullptr;     // of `writing`

    Xapian::Database &part(size_t number)
    {
        return writable != nullptr ? *writable : parts.at(number);
    }
};

struct search_result {
    Xapian::Database database;                // shares its snapshots with the one that was searched
    std::unique_ptr<Xapian::Enquire> enquire; // unset: found by worker/match
    Xapian::MSet matches;
    std::vector<std::unique_ptr<Xapian::ValueCountMatchSpy>> facets;
    std::vector<size_t> sizes; // databases of each part
    std::vector<struct list_hit> hits;
    uint64_t total = 0;
    bool exact = false;

    explicit search_result(struct database *searched) : database(searched->all)
    {
        for (const Xapian::Database &part : searched->parts)
            sizes.push_back(part.size());
    }
};

#ifdef REFERENT_SANITIZED
extern "C" __attribute__((weak)) void __lsan_disable();
extern "C" __attribute__((weak)) void __lsan_enable();
#endif

/* Where Xapian 1.4.22 leaves memory behind when it fails, LeakSanitizer is told to let that pass. */
struct leak_allowed {
    leak_allowed()
    {
#ifdef REFERENT_SANITIZED
        if (__lsan_disable != nullptr)
            __lsan_disable();
#endif
    }
    ~leak_allowed()
    {
#ifdef REFERENT_SANITIZED
        if (__lsan_enable != nullptr)
            __lsan_enable();
#endif
    }
    leak_allowed(const leak_allowed &) = delete;
    leak_allowed &operator=(const leak_allowed &) = delete;
};

#endif
