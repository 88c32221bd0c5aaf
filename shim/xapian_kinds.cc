// What a document is, remembered as one bit: a list of nearly all documents is long, and a search that only asks which
// of its hits stand in it would read all of it.
#include "xapian_kinds.h"

#include <map>

using std::string;

enum { WORD_BITS = 64, KEPT_LEAST = 64 };

// A database of Xapian's and what its documents up to a number are.
struct kind_bits {
    std::vector<uint64_t> words;
    Xapian::docid known = 0; // up to it
    uint64_t asked = 0;      // when it was asked for last
    bool trusted = false;    // all of it
};

struct kinds {
    std::map<string, kind_bits> of; // database and term
    uint64_t clock = 0;
};

struct kinds *kinds_new(void)
{
    return new (std::nothrow) struct kinds;
}

void kinds_free(struct kinds **kinds)
{
    delete *kinds;
    *kinds = nullptr;
}

void kinds_trust(struct kinds *kinds)
{
    for (auto &one : kinds->of)
        one.second.trusted = true;
}

void kinds_forget(struct kinds *kinds)
{
    for (auto at = kinds->of.begin(); at != kinds->of.end();)
        at = at->second.trusted ? std::next(at) : kinds->of.erase(at);
}

// Databases that nobody asks for are gone: merged segments, old generations.
void kinds_tidy(struct kinds *kinds, size_t databases)
{
    uint64_t old = kinds->clock;
    kinds->clock++;
    if (kinds->of.size() <= databases * 2 + KEPT_LEAST)
        return;
    for (auto at = kinds->of.begin(); at != kinds->of.end();)
        at = at->second.asked < old ? kinds->of.erase(at) : std::next(at);
}

// Numbers never come back, so that only those which came since are looked at.
static const kind_bits &bits_of(struct kinds *kinds, const Xapian::Database &database, const string &term)
{
    kind_bits &bits = kinds->of[database.get_uuid() + term];
    Xapian::docid last = database.get_lastdocid();
    bits.asked = kinds->clock;
    if (last <= bits.known)
        return bits;
    bits.trusted = false;
    bits.words.resize(last / WORD_BITS + 1);
    auto at = database.postlist_begin(term);
    auto end = database.postlist_end(term);
    if (at != end)
        at.skip_to(bits.known + 1);
    for (; at != end && *at <= last; ++at)
        bits.words[*at / WORD_BITS] |= uint64_t{1} << *at % WORD_BITS;
    bits.known = last;
    return bits;
}

namespace
{

class kind_source : public Xapian::PostingSource
{
  public:
    kind_source(struct kinds *kinds, string term, double weight)
        : kinds_(kinds), term_(std::move(term)), weight_(weight)
    {
    }

    kind_source *clone() const override
    {
        return new kind_source(kinds_, term_, weight_);
    }

    void init(const Xapian::Database &database) override
    {
        bits_ = &bits_of(kinds_, database, term_);
        last_ = database.get_lastdocid();
        frequency_ = database.get_termfreq(term_);
        at_ = 0;
        set_maxweight(weight_);
    }

    Xapian::doccount get_termfreq_min() const override
    {
        return frequency_;
    }
    Xapian::doccount get_termfreq_est() const override
    {
        return frequency_;
    }
    Xapian::doccount get_termfreq_max() const override
    {
        return frequency_;
    }
    double get_weight() const override
    {
        return weight_;
    }
    Xapian::docid get_docid() const override
    {
        return at_;
    }
    bool at_end() const override
    {
        return at_ > last_;
    }
    void next(double) override
    {
        move(at_ + 1);
    }
    void skip_to(Xapian::docid number, double) override
    {
        if (number > at_)
            move(number);
    }

  private:
    void move(Xapian::docid number)
    {
        size_t word = number / WORD_BITS;
        uint64_t rest = number <= last_ ? bits_->words[word] >> number % WORD_BITS << number % WORD_BITS : 0;
        while (rest == 0 && ++word <= last_ / WORD_BITS)
            rest = bits_->words[word];
        at_ = rest != 0 ? static_cast<Xapian::docid>(word * WORD_BITS + __builtin_ctzll(rest)) : last_ + 1;
    }

    struct kinds *kinds_;
    string term_;
    double weight_;
    const kind_bits *bits_ = nullptr;
    Xapian::docid at_ = 0, last_ = 0;
    Xapian::doccount frequency_ = 0;
};

} // namespace

const std::vector<uint64_t> &kinds_bits(struct kinds *kinds, const Xapian::Database &database, const string &term)
{
    return bits_of(kinds, database, term).words;
}

Xapian::Query kinds_query(struct kinds *kinds, const string &term, double weight)
{
    return Xapian::Query((new kind_source(kinds, term, weight))->release());
}
