// Writing. Xapian prepares a commit, and we publish it.
//
// Xapian 1.4 does harm when a commit fails, and all of it has been seen with 1.4.22:
//
// (1) It takes a failed commit back by another commit (GlassDatabase::modifications_failed). That one writes the last
//     block of a free list from the memory of the failed one, as GlassFreeList::unpack and reset keep their buffers.
//     Where the list had gone on to another block since, blocks that are in use are free from then on, or the list
//     ends too early ("Ran off end of freelist"): the tables are broken, on a disk that is well again.
// (2) GlassVersion::write closes the file of the revision when it cannot be written, and ~GlassVersion closes the same
//     number once more, which may be a file of another thread's by then.
// (3) ~ValueUpdater writes. What it throws ends the process.
//
// So Xapian does not write in the folder of the database, but in one inside it, where links stand for the tables and
// the lock:
//
//   gen-000001/iamglass                the revision that readers see
//   gen-000001/postlist.glass ...      the tables; a commit writes blocks that this revision does not use
//   gen-000001/.commit/postlist.glass  -> ../postlist.glass, and so on
//   gen-000001/.commit/opening         -> ../iamglass; has the name iamglass while Xapian opens it
//   gen-000001/.commit/v.tmp, iamglass the next revision, while a commit runs
//   gen-000001/.commit/settled         -> ../iamglass; has the name writing from the first write behind a revision to
//                                      the publication of the next one, see revision_is_whole
//
// A commit that succeeded is published by our rename of its iamglass. One that failed finds no iamglass to go back to,
// and so writes nothing more (1); the handle is dead then, and the next one begins at the published revision. A handle
// that may close a number that is not its own is never freed (2). terminate() inside a commit is turned into a
// fault (3). The folder stays where it is made: on a full disk a database that was written before opens again.
#include "inside.h"

#include <cerrno>
#include <csetjmp>
#include <cstring>
#include <cxxabi.h>
#include <exception>
#include <fcntl.h>
#include <mutex>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

using std::string;

static const char revision_file[] = "/iamglass";

struct writing {
    std::unique_ptr<Xapian::WritableDatabase> xapian;
    string path;   // of the database
    string folder; // path/.commit
    int lock = -1; // of the folder
    bool changed = false;
    bool dead = false;  // something failed: it has to be opened again
    bool stray = false; // may close a file of somebody else's when it is freed
};

// A system call that failed, as Xapian's own would.
[[noreturn]] static void throw_system(const string &what)
{
    throw Xapian::DatabaseOpeningError(what, errno);
}

// ---------------------------------------------------------------- the folder that Xapian writes in

static string inside(const struct writing &writing, const char *name)
{
    return writing.folder + "/" + name;
}

static void name_move(const string &from, const string &to)
{
    if (rename(from.c_str(), to.c_str()) != 0)
        throw_system(to);
}

// Xapian has a lock as well, but looks for it through the folder.
static void folder_lock(struct writing &writing)
{
    writing.lock = open(writing.folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (writing.lock < 0)
        throw_system(writing.folder);
    if (flock(writing.lock, LOCK_EX | LOCK_NB) == 0)
        return;
    if (errno == EWOULDBLOCK)
        throw Xapian::DatabaseLockError(writing.path + " is open for writing already");
    throw_system(writing.folder);
}

// Whatever else has the name, as after a copy that follows links, is not ours to write in.
static void link_make(const struct writing &writing, const char *name, const char *file)
{
    string to = string("../") + file, link = inside(writing, name);
    char there[32];
    ssize_t size = readlink(link.c_str(), there, sizeof there);
    if (size >= 0 && string(there, static_cast<size_t>(size)) == to)
        return;
    if ((unlink(link.c_str()) != 0 && errno != ENOENT) || symlink(to.c_str(), link.c_str()) != 0)
        throw_system(link);
}

static void links_make(const struct writing &writing)
{
    static const char *const tables[] = {"postlist.glass", "docdata.glass", "termlist.glass", "position.glass",
                                         "spelling.glass", "synonym.glass", "flintlock"};
    for (const char *table : tables) // one that is not there yet is made through its link
        link_make(writing, table, table);
    link_make(writing, "opening", "iamglass");
    link_make(writing, "settled", "iamglass");
}

// What a crash left in it does no harm: v.tmp is begun anew, iamglass gets the name of another file.
static void folder_make(struct writing &writing)
{
    if (mkdir(writing.folder.c_str(), 0750) != 0 && errno != EEXIST)
        throw_system(writing.folder);
    folder_lock(writing);
    links_make(writing);
}

// Is there room for a revision? A full disk shows here, before (2) can follow from it.
static void room_probe(const struct writing &writing)
{
    enum { REVISION_MAX_BYTES = 4096 };
    static const char zeros[REVISION_MAX_BYTES] = {0};
    string probe = inside(writing, "v.tmp"); // Xapian begins it anew
    int file = open(probe.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    bool room = file >= 0 && pwrite(file, zeros, sizeof zeros, 0) == static_cast<ssize_t>(sizeof zeros);
    int why = errno;
    if (file >= 0)
        (void)close(file);
    errno = why;
    if (!room)
        throw_system(probe);
}

// ---------------------------------------------------------------- opening and closing

// Handles that must not be freed, see (2). Few: each stands for a disk that became full within one commit.
static void stray_keep(std::unique_ptr<Xapian::WritableDatabase> handle)
{
    static std::mutex lock;
    static auto *kept = new std::vector<std::unique_ptr<Xapian::WritableDatabase>>;
    std::lock_guard<std::mutex> guard(lock);
    kept->push_back(std::move(handle));
}

// Close without a commit: there is none within a transaction.
static void writing_close(struct writing &writing)
{
    struct error ignored;
    if (writing.xapian) {
        (void)guarded(&ignored, "database.close", [&] {
            writing.xapian->begin_transaction(false); // refused if there is one
            return FAULT_NONE;
        });
        (void)guarded(&ignored, "database.close", [&] {
            writing.xapian->close();
            return FAULT_NONE;
        });
        if (writing.stray)
            stray_keep(std::move(writing.xapian));
        writing.xapian.reset();
    }
    if (writing.lock >= 0)
        (void)close(writing.lock);
    writing.lock = -1;
}

static void xapian_open(struct writing &writing)
{
    string opening = inside(writing, "opening"), revision = inside(writing, "iamglass");
    name_move(opening, revision);
    writing.xapian = std::make_unique<Xapian::WritableDatabase>(writing.folder, Xapian::DB_OPEN);
    name_move(revision, opening);
}

// Xapian unlinks tables that it makes when it needs them.
static void xapian_create(struct writing &writing)
{
    int flags = Xapian::DB_CREATE_OR_OPEN | Xapian::DB_BACKEND_GLASS;
    writing.xapian = std::make_unique<Xapian::WritableDatabase>(writing.folder, flags);
    links_make(writing);
    name_move(inside(writing, "iamglass"), writing.path + revision_file);
}

static void writing_open(struct writing &writing, bool create)
{
    try {
        folder_make(writing);
        if (create)
            xapian_create(writing);
        else
            xapian_open(writing);
    } catch (...) {
        writing_close(writing);
        throw;
    }
    writing.changed = writing.dead = writing.stray = false;
}

static struct database *database_new(const char *path, bool create)
{
    auto writing = std::make_unique<struct writing>();
    writing->path = path;
    writing->folder = writing->path + "/.commit";
    writing_open(*writing, create);
    auto *database = new struct database;
    database->writable = writing->xapian.get();
    database->writing = writing.release();
    return database;
}

enum fault database_open_write(const char *path, struct database **out, struct error *err)
{
    return guarded(err, "database.open", [&] {
        bool create = access((string(path) + revision_file).c_str(), F_OK) != 0;
        if (create && mkdir(path, 0755) != 0 && errno != EEXIST)
            throw_system(path);
        *out = database_new(path, create);
        return FAULT_NONE;
    });
}

// What opening says of a database that is broken, unlike of one that cannot be opened now. Of a table that is cut off
// Xapian says no more than "EOF reading block".
bool is_damage(const Xapian::DatabaseError &e)
{
    const char *system = e.get_error_string();
    string type = e.get_type();
    return type == "DatabaseCorruptError" || type == "DatabaseVersionError" ||
           e.get_msg().compare(0, 11, "EOF reading") == 0 ||
           (system != nullptr && string(system) == std::strerror(ENOENT));
}

enum fault database_open_again(const char *path, struct database **out, struct error *err)
{
    return guarded(err, "database.open", [&] {
        try {
            *out = database_new(path, false);
        } catch (const Xapian::DatabaseError &e) {
            if (!is_damage(e))
                throw;
            return error_set(err, FAULT_STOP, "database.damaged", "%s", e.get_msg().c_str());
        }
        return FAULT_NONE;
    });
}

void database_close(struct database **database)
{
    if (database == nullptr || *database == nullptr)
        return;
    struct error ignored;
    struct database *closing = *database;
    (void)guarded(&ignored, "database.close", [&] {
        if (closing->writing != nullptr)
            writing_close(*closing->writing);
        delete closing->writing;
        delete closing;
        return FAULT_NONE;
    });
    *database = nullptr;
}

// ---------------------------------------------------------------- a commit that cannot end the process

// What the C++ runtime counts for a thread, in the order of the Itanium C++ ABI, 2.2.2.
struct exception_counts {
    void *caught;
    unsigned uncaught;
};

struct rescue {
    jmp_buf back;
    exception_counts counts;
};

static thread_local struct rescue *rescue_of_thread;
static std::terminate_handler terminate_before;

// The frames of Xapian between here and commit_try are left as they are; they own memory, which is lost, and no lock.
[[noreturn]] static void terminated()
{
    struct rescue *rescue = rescue_of_thread;
    rescue_of_thread = nullptr;
    if (rescue == nullptr) {
        terminate_before();
        std::abort();
    }
    std::memcpy(static_cast<void *>(abi::__cxa_get_globals()), &rescue->counts, sizeof rescue->counts);
    std::longjmp(rescue->back, 1); // NOLINT(cert-err52-cpp): see (3)
}

// False: Xapian would have ended the process, see (3). No object with a destructor may stand in this frame.
static bool commit_try(Xapian::WritableDatabase *xapian)
{
    struct rescue rescue;
    std::memcpy(&rescue.counts, static_cast<void *>(abi::__cxa_get_globals()), sizeof rescue.counts);
    if (setjmp(rescue.back) != 0) // NOLINT(cert-err52-cpp): see (3)
        return false;
    rescue_of_thread = &rescue;
    try {
        xapian->commit_transaction();
    } catch (...) {
        rescue_of_thread = nullptr;
        throw;
    }
    rescue_of_thread = nullptr;
    return true;
}

static bool commit_survive(Xapian::WritableDatabase *xapian)
{
    static std::once_flag installed;
    std::call_once(installed, [] { terminate_before = std::set_terminate(terminated); });
    leak_allowed allowed;
    return commit_try(xapian);
}

// ---------------------------------------------------------------- batches

// Of every call that writes: what throws has discarded what was not committed, and more may be wrong, see (1).
template <class Body>
static enum fault written(struct database *database, struct error *err, const char *where, Body body,
                          const char *refusal = nullptr)
{
    struct writing &writing = *database->writing;
    if (writing.dead)
        return error_set(err, FAULT_REOPEN, where, "the database has to be opened again");
    writing.dead = true;
    enum fault fault = guarded(
        err, where,
        [&] {
            enum fault done = body(writing);
            writing.dead = done != FAULT_NONE;
            return done;
        },
        refusal);
    return fault;
}

// Whoever reads the revision before this one's hears of it without a clock. What a crash or a fault leaves says so,
// too: blocks may have been written over.
static void writing_tell(struct writing &writing)
{
    if (!writing.changed)
        name_move(inside(writing, "settled"), inside(writing, writing_name));
    writing.changed = true;
}

// Where that fails it is told for too long, which does no harm.
static void writing_told(const struct writing &writing)
{
    (void)rename(inside(writing, writing_name).c_str(), inside(writing, "settled").c_str());
}

enum fault database_begin(struct database *database, struct error *err)
{
    return written(database, err, "batch.begin", [&](struct writing &writing) {
        revision_settle(writing.path);
        writing.xapian->begin_transaction(true);
        writing.changed = false;
        return FAULT_NONE;
    });
}

static void committed(struct writing &writing)
{
    try {
        if (!commit_survive(writing.xapian.get()))
            throw Xapian::DatabaseError("the commit was broken off in the middle of the values");
    } catch (const Xapian::Error &e) {
        writing.stray = e.get_msg().find("Error writing to file") != string::npos;
        throw;
    }
}

enum fault database_commit(struct database *database, struct error *err)
{
    return written(
        database, err, "batch.commit",
        [&](struct writing &writing) {
            Xapian::rev before = writing.xapian->get_revision();
            room_probe(writing);
            committed(writing);
            if (writing.xapian->get_revision() <= before)
                return error_set(err, FAULT_REOPEN, "commit.revision", "the commit did not reach the disk");
            name_move(inside(writing, "iamglass"), writing.path + revision_file);
            writing_told(writing);
            return FAULT_NONE;
        },
        "document.term");
}

// A handle that has taken something back remembers too much of it, see (1).
enum fault database_cancel(struct database *database, struct error *err)
{
    return written(database, err, "batch.cancel", [&](struct writing &writing) {
        if (!writing.changed) {
            writing.xapian->cancel_transaction();
            return FAULT_NONE;
        }
        writing_close(writing);
        database->writable = nullptr;
        writing_open(writing, false);
        database->writable = writing.xapian.get();
        return FAULT_NONE;
    });
}

enum fault database_add(struct database *database, const struct index_document *document, struct error *err)
{
    auto add = [&](struct writing &writing) {
        Xapian::Document made;
        for (size_t i = 0; i < document->posting_count; i++) {
            const struct posting &posting = document->postings[i];
            string term = string_of(posting.term);
            if (posting.position_count == 0) {
                made.add_term(term, posting.wdf);
                continue;
            }
            made.add_posting(term, posting.positions[0], posting.wdf);
            for (uint32_t n = 1; n < posting.position_count; n++)
                made.add_posting(term, posting.positions[n], 0);
        }
        for (size_t i = 0; i < document->value_count; i++)
            made.add_value(document->values[i].slot, string_of(document->values[i].bytes));
        made.set_data(string_of(document->data));
        writing_tell(writing);
        writing.xapian->add_document(made);
        return FAULT_NONE;
    };
    return written(database, err, "document.add", add, "document.term");
}

enum fault database_delete(struct database *database, struct span term, struct error *err)
{
    return written(database, err, "document.delete", [&](struct writing &writing) {
        writing_tell(writing);
        writing.xapian->delete_document(string_of(term));
        return FAULT_NONE;
    });
}

enum fault database_meta_set(struct database *database, struct span key, struct span value, struct error *err)
{
    return written(database, err, "metadata.set", [&](struct writing &writing) {
        writing_tell(writing);
        writing.xapian->set_metadata(string_of(key), string_of(value));
        return FAULT_NONE;
    });
}
