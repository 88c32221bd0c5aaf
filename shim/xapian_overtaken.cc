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
}

revision_file::revision_file(revision_file &&other) noexcept : descriptor_(std::exchange(other.descriptor_, -1))
{
}

revision_file &revision_file::operator=(revision_file &&other) noexcept
{
    std::swap(descriptor_, other.descriptor_);
    return *this;
}

revision_file::~revision_file()
{
    if (descriptor_ >= 0)
        close(descriptor_);
}

bool revision_file::is_newest(const string &database) const
{
    struct stat held, there;
    return descriptor_ >= 0 && fstat(descriptor_, &held) == 0 &&
           stat((database + revision_name).c_str(), &there) == 0 && held.st_dev == there.st_dev &&
           held.st_ino == there.st_ino;
}

static int64_t nanoseconds(const struct timespec &time)
{
    constexpr int64_t second = 1000000000;
    return time.tv_sec * second + time.tv_nsec;
}

int64_t revision_file::since() const
{
    struct stat held;
    return descriptor_ >= 0 && fstat(descriptor_, &held) == 0 ? nanoseconds(held.st_ctim) : 0;
}

// Systems tell the time of a write in steps of some milliseconds. Our own writers wait for the next step after a
// commit, see revision_settle, so what was written in the step of the commit is the commit's; of others nobody knows.
static bool written_since(const string &database, int64_t time)
{
    bool ours = access((database + "/.commit").c_str(), F_OK) == 0;
    for (const char *table : {"postlist", "docdata", "termlist", "position", "spelling", "synonym"}) {
        struct stat about;
        if (stat((database + "/" + table + ".glass").c_str(), &about) == 0 &&
            nanoseconds(about.st_mtim) + (ours ? 0 : 1) > time)
            return true;
    }
    return false;
}

void revision_settle(const string &database)
{
    constexpr int steps_max = 20;
    constexpr struct timespec step = {0, 1000000};
    struct stat newest;
    struct timespec now;
    if (stat((database + revision_name).c_str(), &newest) != 0)
        return;
    for (int i = 0; i < steps_max && clock_gettime(CLOCK_REALTIME_COARSE, &now) == 0 &&
                    nanoseconds(now) <= nanoseconds(newest.st_ctim);
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
        return now == then || (now == then + 1 && !written_since(path, file.since()) && file.is_newest(path));
    } catch (const Xapian::Error &) { // it cannot be opened just now, or no more
        return false;
    } catch (const std::bad_alloc &) {
        return false;
    }
}
