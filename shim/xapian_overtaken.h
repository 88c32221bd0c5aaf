// Has a reader been overtaken? Xapian keeps the blocks of one revision behind the newest. A block that was written over
// since names a newer revision, and Xapian throws; but a block is read while it may be written, half of it then being
// the old one and half the new, and nothing is said: a list ends early, an entry is not found.
#ifndef REFERENT_XAPIAN_OVERTAKEN_H
#define REFERENT_XAPIAN_OVERTAKEN_H

#include <xapian.h>

#include <string>
#include <sys/stat.h>

/* The file of a database's newest revision. It is replaced by every commit, and while it is held open no other file
 * gets its number: what stands under its name is the same one, or there was a commit. Its change time tells whether it
 * was touched, see revision_touch. Moves, does not copy. */
class revision_file
{
  public:
    revision_file() = default;
    explicit revision_file(const std::string &database);
    revision_file(revision_file &&other) noexcept;
    revision_file &operator=(revision_file &&other) noexcept;
    ~revision_file();
    /* Was there no commit, and no touch, since it was opened? False also for one that could not be opened. */
    bool is_newest(const std::string &database) const;
    /* When it was written, which is when its commit had written all else; nanoseconds. */
    int64_t written() const;

  private:
    int descriptor_ = -1;
    struct stat opened_ = {};
};

/* The databases that are read together with this one may have changed, although it has not: whoever has it open and
 * looks at nothing else looks at all of them now. */
void revision_touch(const std::string &database);

/* Before the first write after a commit: wait, some milliseconds at most, until what is written has a later time than
 * the newest revision, by the clock that file systems go by. */
void revision_settle(const std::string &database);

/* In the folder where our writers prepare commits: there from the first write behind a revision to the next revision.
 */
extern const char writing_name[];

/* Is every block of the revision that is open still as it was? True up to the moment when the second commit after it
 * begins to write: our writers say so (writing_name); of others the times of the tables tell, as far as clocks go.
 * Never throws; false where it cannot be told. */
bool revision_is_whole(const std::string &path, const Xapian::Database &open) noexcept;

#endif
