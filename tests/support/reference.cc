/* reference: TermGenerator, Stem and friends of the installed Xapian, as C. */
#include "reference.h"

#include <cstring>
#include <string>
#include <vector>
#include <xapian.h>

struct reference {
    Xapian::Stem stem{"danish"};
    Xapian::TermGenerator generator;
    Xapian::Document document;
    Xapian::TermIterator at;
    bool begun = false;
    std::string term;
    std::vector<uint32_t> positions;
};

struct reference *reference_new(void)
{
    return new reference;
}

void reference_free(struct reference *reference)
{
    delete reference;
}

size_t reference_stem(void *self, const char *word, size_t size, char *out)
{
    std::string stem = static_cast<reference *>(self)->stem(std::string(word, size));
    if (stem.size() > 128)
        return 0;
    memcpy(out, stem.data(), stem.size());
    return stem.size();
}

void reference_begin(struct reference *reference)
{
    reference->document = Xapian::Document();
    reference->generator = Xapian::TermGenerator();
    reference->generator.set_document(reference->document);
    reference->begun = false;
}

void reference_text(struct reference *reference, const char *text, size_t size, const char *prefix, bool exact)
{
    auto &generator = reference->generator;
    generator.set_stemmer(exact ? Xapian::Stem() : reference->stem);
    generator.set_stemming_strategy(exact ? Xapian::TermGenerator::STEM_NONE : Xapian::TermGenerator::STEM_ALL_Z);
    generator.index_text(Xapian::Utf8Iterator(text, size), 1, prefix);
}

void reference_gap(struct reference *reference, unsigned positions)
{
    reference->generator.increase_termpos(positions);
}

size_t reference_count(struct reference *reference)
{
    reference->document = reference->generator.get_document();
    return reference->document.termlist_count();
}

bool reference_next(struct reference *reference, const char **term, size_t *size, uint32_t *wdf,
                    const uint32_t **positions, size_t *position_count)
{
    if (!reference->begun) {
        reference->document = reference->generator.get_document();
        reference->at = reference->document.termlist_begin();
        reference->begun = true;
    } else {
        ++reference->at;
    }
    if (reference->at == reference->document.termlist_end())
        return false;
    reference->term = *reference->at;
    reference->positions.assign(reference->at.positionlist_begin(), reference->at.positionlist_end());
    *term = reference->term.data();
    *size = reference->term.size();
    *wdf = reference->at.get_wdf();
    *positions = reference->positions.data();
    *position_count = reference->positions.size();
    return true;
}

size_t reference_sortable(double value, char *out)
{
    std::string bytes = Xapian::sortable_serialise(value);
    memcpy(out, bytes.data(), bytes.size());
    return bytes.size();
}

bool reference_is_word(uint32_t character)
{
    return Xapian::Unicode::is_wordchar(character);
}

bool reference_is_digit(uint32_t character)
{
    return Xapian::Unicode::get_category(character) == Xapian::Unicode::DECIMAL_DIGIT_NUMBER;
}

uint32_t reference_lower(uint32_t character)
{
    return Xapian::Unicode::tolower(character);
}

void reference_database(const char *path, unsigned block_bytes)
{
    Xapian::WritableDatabase(path, Xapian::DB_CREATE | Xapian::DB_BACKEND_GLASS, static_cast<int>(block_bytes)).close();
}
