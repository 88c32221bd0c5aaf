/* glass: the installed Xapian as the judge of a database. */
#include "glass.h"

#include "random.h"

#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <functional>
#include <sstream>
#include <string>
#include <sys/stat.h>
#include <vector>
#include <xapian.h>
#include <zlib.h>

using std::string;

/* Database::check of libxapian 1.4.22 deletes an object of its own under a wrong size, inside the library. */
extern "C" const char *__asan_default_options(void);
extern "C" const char *__asan_default_options(void)
{
    return "new_delete_type_mismatch=0";
}

namespace
{

struct Difference {
    string text;
};

[[noreturn]] void differ(const char *format, ...) __attribute__((format(printf, 1, 2)));
[[noreturn]] void differ(const char *format, ...)
{
    char text[GLASS_MESSAGE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    throw Difference{text};
}

bool told(char *message, const std::function<void()> &body)
{
    try {
        message[0] = '\0';
        body();
        return true;
    } catch (const Difference &difference) {
        snprintf(message, GLASS_MESSAGE, "%s", difference.text.c_str());
    } catch (const Xapian::Error &error) {
        snprintf(message, GLASS_MESSAGE, "%s", error.get_description().c_str());
    } catch (const std::exception &error) {
        snprintf(message, GLASS_MESSAGE, "%s", error.what());
    }
    return false;
}

string readable(const string &bytes)
{
    string out;
    char hex[8];
    for (unsigned char byte : bytes.substr(0, 40)) {
        snprintf(hex, sizeof hex, byte > 32 && byte < 127 ? "%c" : "\\%02x", byte);
        out += hex;
    }
    return out;
}

void same_bytes(const char *what, const string &key, const string &a, const string &b)
{
    if (a != b)
        differ("%s of %s: %s (%zu bytes) and %s (%zu bytes)", what, readable(key).c_str(), readable(a).c_str(),
               a.size(), readable(b).c_str(), b.size());
}

void same_number(const char *what, const string &key, double a, double b)
{
    if (a != b)
        differ("%s of %s: %.17g and %.17g", what, readable(key).c_str(), a, b);
}

string string_of(struct span bytes)
{
    return string(bytes.at ? bytes.at : "", bytes.size);
}

Xapian::Document document_of(const struct index_document *document)
{
    Xapian::Document made;
    for (size_t i = 0; i < document->posting_count; i++) {
        const struct posting &posting = document->postings[i];
        string term = string_of(posting.term);
        made.add_term(term, posting.wdf);
        for (uint32_t n = 0; n < posting.position_count; n++)
            made.add_posting(term, posting.positions[n], 0);
    }
    for (size_t i = 0; i < document->value_count; i++)
        made.add_value(document->values[i].slot, string_of(document->values[i].bytes));
    made.set_data(string_of(document->data));
    return made;
}

/* ---- comparison */

void same_statistics(const Xapian::Database &a, const Xapian::Database &b)
{
    same_number("documents", "", a.get_doccount(), b.get_doccount());
    same_number("last document id", "", a.get_lastdocid(), b.get_lastdocid());
    same_number("average length", "", a.get_avlength(), b.get_avlength());
    same_number("total length", "", double(a.get_total_length()), double(b.get_total_length()));
    same_number("shortest", "", a.get_doclength_lower_bound(), b.get_doclength_lower_bound());
    same_number("longest", "", a.get_doclength_upper_bound(), b.get_doclength_upper_bound());
    same_number("positions there", "", a.has_positions(), b.has_positions());
    if (a.get_uuid() == b.get_uuid())
        differ("both have the UUID %s", a.get_uuid().c_str());
}

void same_metadata(const Xapian::Database &a, const Xapian::Database &b)
{
    auto at = a.metadata_keys_begin(), other = b.metadata_keys_begin();
    for (; at != a.metadata_keys_end() && other != b.metadata_keys_end(); ++at, ++other) {
        same_bytes("key of metadata", "", *at, *other);
        same_bytes("metadata", *at, a.get_metadata(*at), b.get_metadata(*other));
    }
    if ((at == a.metadata_keys_end()) != (other == b.metadata_keys_end()))
        differ("one has more metadata");
}

void same_positions(const Xapian::Database &a, const Xapian::Database &b, Xapian::docid docid, const string &term)
{
    auto at = a.positionlist_begin(docid, term), other = b.positionlist_begin(docid, term);
    auto end = a.positionlist_end(docid, term), other_end = b.positionlist_end(docid, term);
    for (; at != end && other != other_end; ++at, ++other)
        same_number("position", term, *at, *other);
    if ((at == end) != (other == other_end))
        differ("document %u has more positions of %s in one", docid, readable(term).c_str());
}

void same_postings(const Xapian::Database &a, const Xapian::Database &b, const string &term)
{
    auto at = a.postlist_begin(term), end = a.postlist_end(term);
    auto other = b.postlist_begin(term), other_end = b.postlist_end(term);
    for (; at != end && other != other_end; ++at, ++other) {
        same_number("document", term, *at, *other);
        same_number("wdf", term, at.get_wdf(), other.get_wdf());
        same_number("length", term, at.get_doclength(), other.get_doclength());
        if (!term.empty())
            same_positions(a, b, *at, term);
    }
    if ((at == end) != (other == other_end))
        differ("%s has more postings in one", readable(term).c_str());
}

void same_skips(const Xapian::Database &a, const Xapian::Database &b, const string &term, uint64_t *random)
{
    auto at = a.postlist_begin(term), end = a.postlist_end(term);
    auto other = b.postlist_begin(term), other_end = b.postlist_end(term);
    Xapian::docid docid = 0;
    while (at != end && other != other_end) {
        same_number("document after a skip", term, *at, *other);
        docid = *at + 1 + Xapian::docid(random_below(random, 200));
        at.skip_to(docid);
        other.skip_to(docid);
    }
    if ((at == end) != (other == other_end))
        differ("%s ends at another place after a skip", readable(term).c_str());
}

void same_terms(const Xapian::Database &a, const Xapian::Database &b, uint64_t *random)
{
    auto at = a.allterms_begin(), end = a.allterms_end(), other = b.allterms_begin(), other_end = b.allterms_end();
    for (; at != end && other != other_end; ++at, ++other) {
        string term = *at;
        same_bytes("term", "", term, *other);
        same_number("term frequency", term, at.get_termfreq(), other.get_termfreq());
        same_number("collection frequency", term, a.get_collection_freq(term), b.get_collection_freq(term));
        same_number("wdf bound", term, a.get_wdf_upper_bound(term), b.get_wdf_upper_bound(term));
        same_postings(a, b, term);
        if (at.get_termfreq() > 100)
            same_skips(a, b, term, random);
    }
    if ((at == end) != (other == other_end))
        differ("one has more terms");
    same_postings(a, b, "");
    same_skips(a, b, "", random);
}

void same_values(const Xapian::Database &a, const Xapian::Database &b, Xapian::valueno slot, uint64_t *random)
{
    string name = "slot " + std::to_string(slot);
    same_number("documents with a value", name, a.get_value_freq(slot), b.get_value_freq(slot));
    same_bytes("lower bound", name, a.get_value_lower_bound(slot), b.get_value_lower_bound(slot));
    same_bytes("upper bound", name, a.get_value_upper_bound(slot), b.get_value_upper_bound(slot));
    for (bool skipping : {false, true}) {
        auto at = a.valuestream_begin(slot), end = a.valuestream_end(slot);
        auto other = b.valuestream_begin(slot), other_end = b.valuestream_end(slot);
        while (at != end && other != other_end) {
            same_number("document with a value", name, at.get_docid(), other.get_docid());
            same_bytes("value", name, *at, *other);
            if (skipping) {
                Xapian::docid docid = at.get_docid() + 1 + Xapian::docid(random_below(random, 50));
                at.skip_to(docid);
                other.skip_to(docid);
            } else {
                ++at;
                ++other;
            }
        }
        if ((at == end) != (other == other_end))
            differ("%s has more values in one", name.c_str());
    }
}

void same_document(const Xapian::Document &a, const Xapian::Document &b, std::vector<bool> *slots, const string &name)
{
    same_bytes("data", name, a.get_data(), b.get_data());
    same_number("terms", name, a.termlist_count(), b.termlist_count());
    auto at = a.termlist_begin(), end = a.termlist_end(), other = b.termlist_begin(), other_end = b.termlist_end();
    for (; at != end && other != other_end; ++at, ++other) {
        same_bytes("term in the list", name, *at, *other);
        same_number("wdf in the list", name, at.get_wdf(), other.get_wdf());
    }
    if ((at == end) != (other == other_end))
        differ("%s has more terms in one", name.c_str());
    same_number("values", name, a.values_count(), b.values_count());
    auto value = a.values_begin(), value_end = a.values_end(), twin = b.values_begin();
    for (; value != value_end; ++value, ++twin) {
        same_number("slot", name, value.get_valueno(), twin.get_valueno());
        same_bytes("value of the document", name, *value, *twin);
        size_t slot = value.get_valueno() < slots->size() ? value.get_valueno() : slots->size() - 1;
        (*slots)[slot] = true;
    }
}

void same_documents(const Xapian::Database &a, const Xapian::Database &b, uint64_t *random)
{
    std::vector<bool> slots(1 << 17);
    for (auto at = a.postlist_begin(""); at != a.postlist_end(""); ++at) {
        string name = "document " + std::to_string(*at);
        same_number("length", name, a.get_doclength(*at), b.get_doclength(*at));
        same_number("different terms", name, a.get_unique_terms(*at), b.get_unique_terms(*at));
        same_document(a.get_document(*at), b.get_document(*at), &slots, name);
    }
    for (size_t slot = 0; slot < slots.size(); slot++)
        if (slots[slot])
            same_values(a, b, slot + 1 == slots.size() ? 0xFFFFFFFE : Xapian::valueno(slot), random);
}

Xapian::Query question(const std::vector<string> &terms, uint64_t *random)
{
    auto term = [&] { return terms[random_below(random, terms.size())]; };
    std::vector<Xapian::Query> parts;
    for (uint64_t n = 1 + random_below(random, 4); n > 0; n--)
        parts.emplace_back(term(), 1 + Xapian::termcount(random_below(random, 2)));
    switch (random_below(random, 5)) {
    case 0: return Xapian::Query(Xapian::Query::OP_AND, parts.begin(), parts.end());
    case 1: return Xapian::Query(Xapian::Query::OP_NEAR, parts.begin(), parts.begin() + (parts.size() > 1 ? 2 : 1), 20);
    case 2:
        return Xapian::Query(Xapian::Query::OP_PHRASE, parts.begin(), parts.begin() + (parts.size() > 1 ? 2 : 1), 5);
    case 3:
        return Xapian::Query(Xapian::Query::OP_FILTER, Xapian::Query(Xapian::Query::OP_OR, parts.begin(), parts.end()),
                             Xapian::Query(Xapian::Query::OP_VALUE_GE, 0, "2015"));
    default: return Xapian::Query(Xapian::Query::OP_OR, parts.begin(), parts.end());
    }
}

void same_answers(const Xapian::Database &a, const Xapian::Database &b, unsigned searches, uint64_t *random)
{
    std::vector<string> terms;
    for (auto at = a.allterms_begin(); at != a.allterms_end(); ++at)
        if (at.get_termfreq() > 2 || random_below(random, 10) == 0)
            terms.push_back(*at);
    for (unsigned n = 0; n < searches && !terms.empty(); n++) {
        Xapian::Query query = question(terms, random);
        Xapian::Enquire one(a), two(b);
        one.set_query(query);
        two.set_query(query);
        if (n % 3 == 0) {
            one.set_sort_by_value_then_relevance(0, n % 2);
            two.set_sort_by_value_then_relevance(0, n % 2);
        }
        Xapian::MSet left = one.get_mset(0, 20, 100), right = two.get_mset(0, 20, 100);
        string name = query.get_description();
        same_number("hits", name, left.size(), right.size());
        same_number("matches", name, left.get_matches_estimated(), right.get_matches_estimated());
        for (Xapian::doccount i = 0; i < left.size(); i++) {
            same_number("hit", name, *left[i], *right[i]);
            same_number("weight", name, left[i].get_weight(), right[i].get_weight());
        }
    }
}

string file_of(const string &path)
{
    string bytes;
    FILE *file = fopen(path.c_str(), "rb");
    char part[65536];
    for (size_t size; file && (size = fread(part, 1, sizeof part, file)) > 0;)
        bytes.append(part, size);
    if (file)
        fclose(file);
    return bytes;
}

/* A table's blocks with their items packed: stock leaves unused bytes where it halved a leaf and where it cut the first
 * key of a branch, and they count as free but not as contiguous. */
string blocks_of(const string &path)
{
    enum { BLOCK = 8192, HEADER = 11, AT_LEVEL = 4, AT_FREE = 5, AT_ALL_FREE = 7, AT_END = 9 };
    string bytes = file_of(path), packed(bytes.size(), '\0');
    auto number = [&](size_t at) { return size_t((unsigned char)bytes[at]) << 8 | (unsigned char)bytes[at + 1]; };
    for (size_t at = 0; at + BLOCK <= bytes.size(); at += BLOCK) {
        size_t end = at + number(at + AT_END), low = at + BLOCK;
        if (end > at + BLOCK)
            return bytes;
        packed.replace(at, HEADER, bytes, at, HEADER);
        packed.replace(at + AT_FREE, 2, bytes, at + AT_ALL_FREE, 2);
        for (size_t entry = at + HEADER; entry < end; entry += 2) {
            size_t item = at + number(entry);
            size_t size =
                bytes[at + AT_LEVEL] ? 7 + size_t((unsigned char)bytes[item + 4]) : 3 + (number(item) & 0x1FFF);
            if (item + size > at + BLOCK || low < end + size)
                return bytes;
            low -= size;
            packed.replace(low, size, bytes, item, size);
        }
    }
    return packed;
}

const char *const tables[] = {"postlist.glass", "position.glass", "termlist.glass", "docdata.glass"};

} // namespace

bool stock_build(const struct collection *collection, const char *path, size_t batch, char message[GLASS_MESSAGE])
{
    return told(message, [&] {
        setenv("XAPIAN_FLUSH_THRESHOLD", "100000000", 1);
        Xapian::WritableDatabase database(path, Xapian::DB_CREATE | Xapian::DB_BACKEND_GLASS | Xapian::DB_NO_SYNC);
        for (size_t i = 0; i < collection->count; i++) {
            database.add_document(document_of(&collection->documents[i]));
            if (batch > 0 && (i + 1) % batch == 0)
                database.commit();
        }
        for (size_t i = 0; i < collection->meta_count; i++)
            database.set_metadata(string_of(collection->meta[i].key), string_of(collection->meta[i].value));
        database.commit();
    });
}

bool stock_edit(const char *path, uint64_t seed, const struct index_document *more, char message[GLASS_MESSAGE])
{
    return told(message, [&] {
        Xapian::WritableDatabase database(path, Xapian::DB_OPEN | Xapian::DB_NO_SYNC);
        Xapian::Document fresh = document_of(more);
        Xapian::docid last = database.get_lastdocid();
        for (Xapian::docid docid = 1; docid <= last; docid++) {
            uint64_t die = random_below(&seed, 10);
            if (die < 3)
                database.delete_document(docid);
            else if (die == 3)
                database.replace_document(docid, fresh);
            else if (die == 4) {
                Xapian::Document changed = database.get_document(docid);
                changed.add_posting("everywhere", 7);
                changed.add_value(128, "changed");
                database.replace_document(docid, changed);
            }
            if (random_below(&seed, 50) == 0)
                database.commit();
        }
        for (int i = 0; i < 5; i++)
            database.add_document(fresh);
        database.set_metadata("edited", "yes");
        database.commit();
    });
}

bool stock_compact(const char *const *paths, size_t count, const char *out, char message[GLASS_MESSAGE])
{
    return told(message, [&] {
        Xapian::Database all;
        for (size_t i = 0; i < count; i++)
            all.add_database(Xapian::Database(paths[i]));
        all.compact(out, Xapian::Compactor::FULL); // the default of xapian-compact
    });
}

bool stock_check(const char *path, char message[GLASS_MESSAGE])
{
    return told(message, [&] {
        std::ostringstream out;
        size_t faults = Xapian::Database::check(path, 0, &out);
        if (faults == 0)
            return;
        string text = out.str();
        for (char &byte : text)
            byte = byte == '\n' ? ' ' : byte;
        differ("xapian-check: %zu faults: %.400s", faults, text.c_str());
    });
}

bool stock_equal(const char *path, const char *other, uint64_t seed, unsigned searches, char message[GLASS_MESSAGE])
{
    return told(message, [&] {
        Xapian::Database a(path), b(other);
        same_statistics(a, b);
        same_metadata(a, b);
        same_terms(a, b, &seed);
        same_documents(a, b, &seed);
        same_answers(a, b, searches, &seed);
    });
}

bool stock_data(const char *path, const struct collection *collection, char message[GLASS_MESSAGE])
{
    return told(message, [&] {
        Xapian::Database database(path);
        for (size_t i = 0; i < collection->count; i++)
            same_bytes("data", "document " + std::to_string(i + 1),
                       database.get_document(Xapian::docid(i + 1)).get_data(),
                       string_of(collection->documents[i].data));
    });
}

bool blocks_equal(const char *path, const char *other, char message[GLASS_MESSAGE])
{
    return told(message, [&] {
        for (const char *name : tables) {
            string a = blocks_of(string(path) + "/" + name), b = blocks_of(string(other) + "/" + name);
            size_t at = 0, shorter = a.size() < b.size() ? a.size() : b.size();
            while (at < shorter && a[at] == b[at])
                at++;
            if (at < shorter || a.size() != b.size())
                differ("%s: %zu and %zu bytes, differing from byte %zu on, block %zu offset %zu", name, a.size(),
                       b.size(), at, at / 8192, at % 8192);
        }
        string a = file_of(string(path) + "/iamglass"), b = file_of(string(other) + "/iamglass");
        if (a.size() < 32 || b.size() < 32)
            differ("no version file");
        same_bytes("version file", "", a.erase(16, 16), b.erase(16, 16));
    });
}

size_t stock_deflate(void *self, const char *tag, size_t size, char *out, size_t room)
{
    (void)self;
    z_stream stream = {};
    if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY) != Z_OK)
        return 0;
    stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(tag));
    stream.avail_in = uInt(size);
    std::vector<Bytef> wide(size + 64); /* zlib does not see that it has ended when the room is full to the byte */
    stream.next_out = wide.data();
    stream.avail_out = uInt(wide.size());
    int result = deflate(&stream, Z_FINISH);
    size_t packed = result == Z_STREAM_END ? stream.total_out : 0;
    deflateEnd(&stream);
    if (packed > room)
        return 0;
    memcpy(out, wide.data(), packed);
    return packed;
}

uint64_t database_bytes(const char *path)
{
    uint64_t bytes = 0;
    for (const char *name : tables) {
        struct stat about;
        if (stat((string(path) + "/" + name).c_str(), &about) == 0)
            bytes += uint64_t(about.st_size);
    }
    return bytes;
}
