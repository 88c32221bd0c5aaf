/* zlib's `inflate`, as Xapian calls it, answered by an `inflater`. For the shim's own files.
 *
 * Tags of one segment say the same code again and again, and zlib makes the tables of it anew for each of them: half of
 * what Xapian's check of a segment takes. (The ten hits of an answer are zlib's: kept tables would have to come from
 * memory each time, which takes longer than making them.) So this program has an `inflate` of its own, which the
 * dynamic linker gives to libxapian, too. It hands everything on to zlib's, but for a thread that is `inflating`:
 * there, tags whose code is known are read by shim/inflater, in zlib's steps and with zlib's ends. Whatever that cannot
 * tell, a new code or a fault, zlib tells. */
#ifndef REFERENT_XAPIAN_INFLATE_H
#define REFERENT_XAPIAN_INFLATE_H

/* As long as one lives, all that its thread inflates are tags that Xapian reads. */
class inflating
{
    bool before;

  public:
    inflating();
    ~inflating();
    inflating(const inflating &) = delete;
    inflating &operator=(const inflating &) = delete;
};

#endif
