/* letter: Xapian's Unicode tables, from utf8proc's. Pure. */
#include "letter.h"

#include "utf8.h"

#include <utf8proc.h>

/* What became a word character after Unicode 9, which Xapian 1.4 has; utf8proc 2.8 has Unicode 15. The ranges take in
 * characters that are none in either. tests/shim/test_token_xapian.c compares all 1,114,112 and names what differs. */
static const struct {
    uint32_t first, last;
} later[] = {{0x0560, 0x0560},   {0x0588, 0x0588},   {0x05EF, 0x05EF},   {0x07FD, 0x07FD},   {0x0860, 0x089F},
             {0x08B5, 0x08B5},   {0x08BE, 0x08D3},   {0x09FC, 0x09FE},   {0x0AFA, 0x0AFF},   {0x0B55, 0x0B55},
             {0x0C04, 0x0C04},   {0x0C3C, 0x0C3C},   {0x0C5D, 0x0C5D},   {0x0CDD, 0x0CDD},   {0x0CF3, 0x0D00},
             {0x0D04, 0x0D04},   {0x0D3B, 0x0D3C},   {0x0D81, 0x0D81},   {0x0E86, 0x0E86},   {0x0E89, 0x0E89},
             {0x0E8C, 0x0E8C},   {0x0E8E, 0x0E93},   {0x0E98, 0x0E98},   {0x0EA0, 0x0EA0},   {0x0EA8, 0x0EA9},
             {0x0EAC, 0x0EAC},   {0x0EBA, 0x0EBA},   {0x0ECE, 0x0ECE},   {0x170D, 0x170D},   {0x1715, 0x171F},
             {0x180F, 0x180F},   {0x1878, 0x1878},   {0x1ABF, 0x1ACE},   {0x1B4C, 0x1B4C},   {0x1C90, 0x1CBF},
             {0x1CF7, 0x1CF7},   {0x1CFA, 0x1CFA},   {0x1DF6, 0x1DFA},   {0x2C2F, 0x2C2F},   {0x2C5F, 0x2C5F},
             {0x312E, 0x312F},   {0x31BB, 0x31BF},   {0x4DB6, 0x4DBF},   {0x9FD6, 0x9FFF},   {0xA7AF, 0xA7AF},
             {0xA7B8, 0xA7F6},   {0xA82C, 0xA82C},   {0xA8FE, 0xA8FF},   {0xAB66, 0xAB69},   {0x1032D, 0x1032F},
             {0x10570, 0x105BC}, {0x10780, 0x107BA}, {0x10A34, 0x10A35}, {0x10A48, 0x10A48}, {0x10D00, 0x10D39},
             {0x10E80, 0x10FF6}, {0x11070, 0x11075}, {0x110C2, 0x110C2}, {0x11144, 0x11147}, {0x111C9, 0x111C9},
             {0x111CE, 0x111CF}, {0x1123F, 0x11241}, {0x1133B, 0x1133B}, {0x1145E, 0x11461}, {0x116B8, 0x116B8},
             {0x1171A, 0x1171A}, {0x11740, 0x1183A}, {0x11900, 0x11ABF}, {0x11D00, 0x11FD4}, {0x12F90, 0x12FF0},
             {0x1342F, 0x13455}, {0x16A70, 0x16AC9}, {0x16E40, 0x16E96}, {0x16F45, 0x16F4F}, {0x16F7F, 0x16F87},
             {0x16FE1, 0x16FF1}, {0x187ED, 0x187F7}, {0x18AF3, 0x1AFFE}, {0x1B002, 0x1B2FB}, {0x1CF00, 0x1CF46},
             {0x1D2C0, 0x1D2F3}, {0x1D372, 0x1D378}, {0x1DF00, 0x1DF2A}, {0x1E030, 0x1E7FE}, {0x1E94B, 0x1E94B},
             {0x1EC71, 0x1ED3D}, {0x1FBF0, 0x1FBF9}, {0x2A6D7, 0x2A6DF}, {0x2B735, 0x2B739}, {0x2CEB0, 0x2EBE0},
             {0x30000, 0x323AF}};

static bool is_later(uint32_t character)
{
    size_t low = 0, high = sizeof later / sizeof *later;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (character > later[middle].last)
            low = middle + 1;
        else
            high = middle;
    }
    return low < sizeof later / sizeof *later && character >= later[low].first;
}

#define TEN(first) [first] = 3, 3, 3, 3, 3, 3, 3, 3, 3, 3
#define TWENTY_SIX(first, bits)                                                                                        \
    [first] = (bits), (bits), (bits), (bits), (bits), (bits), (bits), (bits), (bits), (bits), (bits), (bits), (bits),  \
    (bits), (bits), (bits), (bits), (bits), (bits), (bits), (bits), (bits), (bits), (bits), (bits), (bits)
const unsigned char letter_ascii[0x80] = {TEN('0'),
                                          TWENTY_SIX('A', LETTER_WORD | LETTER_CAPITAL),
                                          ['_'] = LETTER_WORD,
                                          TWENTY_SIX('a', LETTER_WORD),
                                          ['\''] = LETTER_JOIN,
                                          ['&'] = LETTER_JOIN,
                                          [','] = LETTER_JOIN,
                                          ['.'] = LETTER_JOIN,
                                          [';'] = LETTER_JOIN,
                                          ['+'] = LETTER_JOIN,
                                          ['#'] = LETTER_JOIN};

/* The letters of Latin-1, Danish ones among them; nearly all that is not ASCII in minutes. */
static bool is_latin_letter(uint32_t character)
{
    return character >= 0xC0 && character <= 0xFF && character != 0xD7 && character != 0xF7;
}

bool letter_is_word_beyond(uint32_t character)
{
    if (is_latin_letter(character))
        return true;
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)character);
    bool word =
        (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO) || category == UTF8PROC_CATEGORY_PC;
    return word && !is_later(character);
}

bool letter_is_digit_beyond(uint32_t character)
{
    return utf8proc_category((utf8proc_int32_t)character) == UTF8PROC_CATEGORY_ND && !is_later(character);
}

uint32_t letter_lower_beyond(uint32_t character)
{
    if (is_latin_letter(character))
        return character <= 0xDE ? character + 0x20 : character;
    return (uint32_t)utf8proc_tolower((utf8proc_int32_t)character);
}

size_t letter_read_beyond(const char *at, const char *end, uint32_t *character)
{
    size_t size = utf8_decode(at, end, character);
    if (size == 1)
        *character = (unsigned char)*at;
    return size;
}
