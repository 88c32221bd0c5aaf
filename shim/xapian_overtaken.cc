// Revisions of a database on disk: which is the newest, and which are still whole.
#include "xapian_overtaken.h"

#include <ctime>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

using std::string;

static const char revision_name[] = "/iamglass";

revision_file::revision_file(const string &database)
    : descriptor_(open((database + revision_name).c_str(), O_RDONLY | O_CLOEXEC))
{
    if (descriptor_ >= 0 && fstat(descriptor_, &opened_) != 0) {
        close(descriptor_);
        descriptor_ = -1;
    }
}

revision_file::revision_file(revision_file &&other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), opened_(other.opened_)
{
}

revision_file &revision_file::operator=(revision_file &&other) noexcept
{
    std::swap(descriptor_, other.descriptor_);
    std::swap(opened_, other.opened_);
    return *this;
}

revision_file::~revision_file()
{
    if (descriptor_ >= 0)
        close(descriptor_);
}

static int64_t nanoseconds(const struct timespec &time)
{
    constexpr int64_t second = 1000000000;
    return time.tv_sec * second + time.tv_nsec;
}

bool revision_file::is_newest(const string &database) const
{
    struct stat there;
    return descriptor_ >= 0 && stat((database + revision_name).c_str(), &there) == 0 &&
           there.st_ino == opened_.st_ino && there.st_dev == opened_.st_dev &&
           nanoseconds(there.st_ctim) == nanoseconds(opened_.st_ctim);
}

int64_t revision_file::written() const
{
    return nanoseconds(opened_.st_mtim);
}

void revision_touch(const string &database)
{
    constexpr struct timespec times[2] = {{0, UTIME_NOW}, {0, UTIME_OMIT}};
    (void)utimensat(AT_FDCWD, (database + revision_name).c_str(), times, 0);
}

const char writing_name[] = "writing";

// Before it is asked whether the revision still is the newest: the name goes when the next one is there.
static bool is_writing(const string &database)
{
    struct stat about;
    return lstat((database + "/.commit/" + writing_name).c_str(), &about) == 0;
}

constexpr int64_t millisecond = 1000000;

// Systems tell the time of a write in steps of some milliseconds. Our own writers wait for the next step after a
// commit, so what was written in the step of the revision is its commit's. Nobody knows that of others, nor where a
// file system counts whole milliseconds or seconds. Only the time of writing will do: the other one changes with owner,
// mode and links.
static bool written_since(const string &database, const revision_file &file)
{
    bool ours = access((database + "/.commit").c_str(), F_OK) == 0;
    bool exact = ours && file.written() % millisecond != 0;
    for (const char *table : {"postlist", "docdata", "termlist", "position", "spelling", "synonym"}) {
        struct stat about;
        if (stat((database + "/" + table + ".glass").c_str(), &about) == 0 &&
            nanoseconds(about.st_mtim) + (exact ? 0 : 1) > file.written())
            return true;
    }
    return false;
}

// A file system may cut off what is less than a millisecond, and more than that shows, see written_since.
void revision_settle(const string &database)
{
    constexpr int steps_max = 20;
    constexpr struct timespec step = {0, millisecond};
    struct stat newest;
    struct timespec now;
    if (stat((database + revision_name).c_str(), &newest) != 0)
        return;
    for (int i = 0; i < steps_max && clock_gettime(CLOCK_REALTIME_COARSE, &now) == 0 &&
                    nanoseconds(now) <= nanoseconds(newest.st_mtim) + millisecond;
         i++)
        (void)nanosleep(&step, nullptr);
}

bool revision_is_whole(const string &path, const Xapian::Database &open) noexcept
{
    try {
        revision_file file(path);
        Xapian::Database newest(path);
        Xapian::rev then = open.get_revision(), now = newest.get_revision();
        if (newest.get_uuid() != open.get_uuid())
            return false;
        return now == then ||
               (now == then + 1 && !is_writing(path) && !written_since(path, file) && file.is_newest(path));
    } catch (const Xapian::Error &) { // it cannot be opened just now, or no more
        return false;
    } catch (const std::bad_alloc &) {
        return false;
    }
}
