// Properties and case of code points: utf8proc for what it knows, sorted tables of ranges for the
// rest. The tables are those of Unicode 14.0, the version of the comments' files; for the code
// points they name nothing has changed since. ASCII, which is nearly everything, is answered
// without a look-up where it pays.
#include "unicode.h"

#include <stddef.h>
#include <utf8proc.h>

typedef struct Range {
    uint32_t first, last;
} Range;

// PropList.txt: Other_Lowercase.
static const Range other_lower[] = {
    {0x00aa, 0x00aa},   {0x00ba, 0x00ba},   {0x02b0, 0x02b8},   {0x02c0, 0x02c1},
    {0x02e0, 0x02e4},   {0x0345, 0x0345},   {0x037a, 0x037a},   {0x1d2c, 0x1d6a},
    {0x1d78, 0x1d78},   {0x1d9b, 0x1dbf},   {0x2071, 0x2071},   {0x207f, 0x207f},
    {0x2090, 0x209c},   {0x2170, 0x217f},   {0x24d0, 0x24e9},   {0x2c7c, 0x2c7d},
    {0xa69c, 0xa69d},   {0xa770, 0xa770},   {0xa7f8, 0xa7f9},   {0xab5c, 0xab5f},
    {0x10780, 0x10780}, {0x10783, 0x10785}, {0x10787, 0x107b0}, {0x107b2, 0x107ba},
};

// PropList.txt: Other_Uppercase.
static const Range other_upper[] = {
    {0x2160, 0x216f}, {0x24b6, 0x24cf}, {0x1f130, 0x1f149}, {0x1f150, 0x1f169}, {0x1f170, 0x1f189},
};

// DerivedNumericType.txt: Numeric_Type=Digit.
static const Range digits[] = {
    {0x00b2, 0x00b3},   {0x00b9, 0x00b9},   {0x1369, 0x1371},   {0x19da, 0x19da},
    {0x2070, 0x2070},   {0x2074, 0x2079},   {0x2080, 0x2089},   {0x2460, 0x2468},
    {0x2474, 0x247c},   {0x2488, 0x2490},   {0x24ea, 0x24ea},   {0x24f5, 0x24fd},
    {0x24ff, 0x24ff},   {0x2776, 0x277e},   {0x2780, 0x2788},   {0x278a, 0x2792},
    {0x10a40, 0x10a43}, {0x10e60, 0x10e68}, {0x11052, 0x1105a}, {0x1f100, 0x1f10a},
};

// Unihan, kPrimaryNumeric, kAccountingNumeric and kOtherNumeric: ideographs with a numeric value.
static const Range numeric_letters[] = {
    {0x3405, 0x3405},   {0x3483, 0x3483},   {0x382a, 0x382a},   {0x3b4d, 0x3b4d},
    {0x4e00, 0x4e00},   {0x4e03, 0x4e03},   {0x4e07, 0x4e07},   {0x4e09, 0x4e09},
    {0x4e5d, 0x4e5d},   {0x4e8c, 0x4e8c},   {0x4e94, 0x4e94},   {0x4e96, 0x4e96},
    {0x4ebf, 0x4ec0},   {0x4edf, 0x4edf},   {0x4ee8, 0x4ee8},   {0x4f0d, 0x4f0d},
    {0x4f70, 0x4f70},   {0x5104, 0x5104},   {0x5146, 0x5146},   {0x5169, 0x5169},
    {0x516b, 0x516b},   {0x516d, 0x516d},   {0x5341, 0x5341},   {0x5343, 0x5345},
    {0x534c, 0x534c},   {0x53c1, 0x53c4},   {0x56db, 0x56db},   {0x58f1, 0x58f1},
    {0x58f9, 0x58f9},   {0x5e7a, 0x5e7a},   {0x5efe, 0x5eff},   {0x5f0c, 0x5f0e},
    {0x5f10, 0x5f10},   {0x62fe, 0x62fe},   {0x634c, 0x634c},   {0x67d2, 0x67d2},
    {0x6f06, 0x6f06},   {0x7396, 0x7396},   {0x767e, 0x767e},   {0x8086, 0x8086},
    {0x842c, 0x842c},   {0x8cae, 0x8cae},   {0x8cb3, 0x8cb3},   {0x8d30, 0x8d30},
    {0x9621, 0x9621},   {0x9646, 0x9646},   {0x964c, 0x964c},   {0x9678, 0x9678},
    {0x96f6, 0x96f6},   {0xf96b, 0xf96b},   {0xf973, 0xf973},   {0xf978, 0xf978},
    {0xf9b2, 0xf9b2},   {0xf9d1, 0xf9d1},   {0xf9d3, 0xf9d3},   {0xf9fd, 0xf9fd},
    {0x20001, 0x20001}, {0x20064, 0x20064}, {0x200e2, 0x200e2}, {0x20121, 0x20121},
    {0x2092a, 0x2092a}, {0x20983, 0x20983}, {0x2098c, 0x2098c}, {0x2099c, 0x2099c},
    {0x20aea, 0x20aea}, {0x20afd, 0x20afd}, {0x20b19, 0x20b19}, {0x22390, 0x22390},
    {0x22998, 0x22998}, {0x23b1b, 0x23b1b}, {0x2626d, 0x2626d}, {0x2f890, 0x2f890},
};

// WordBreakProperty.txt: MidLetter, MidNumLet, Single_Quote.
// They are case-ignorable, as are the categories Mn, Me, Cf, Lm and Sk.
static const Range word_middles[] = {
    {0x0027, 0x0027}, {0x002e, 0x002e}, {0x003a, 0x003a}, {0x00b7, 0x00b7},
    {0x0387, 0x0387}, {0x055f, 0x055f}, {0x05f4, 0x05f4}, {0x2018, 0x2019},
    {0x2024, 0x2024}, {0x2027, 0x2027}, {0xfe13, 0xfe13}, {0xfe52, 0xfe52},
    {0xfe55, 0xfe55}, {0xff07, 0xff07}, {0xff0e, 0xff0e}, {0xff1a, 0xff1a},
};

// Whether [code] lies in one of the [count] sorted ranges.
static int is_in(const Range *ranges, size_t count, uint32_t code)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (code > ranges[middle].last)
            low = middle + 1;
        else if (code < ranges[middle].first)
            high = middle;
        else
            return 1;
    }
    return 0;
}

#define IS_IN(ranges, code) is_in(ranges, sizeof(ranges) / sizeof *(ranges), code)

static utf8proc_category_t category(uint32_t code)
{
    return utf8proc_category((utf8proc_int32_t)code);
}

// ----------------------------------------------------------------------------------- properties

int tb_code_is_alpha(uint32_t code)
{
    utf8proc_category_t c = category(code);
    return c >= UTF8PROC_CATEGORY_LU && c <= UTF8PROC_CATEGORY_LO;
}

int tb_code_is_decimal(uint32_t code)
{
    return category(code) == UTF8PROC_CATEGORY_ND;
}

// The digits of a system stand in order, and such tens behind each other (Unicode, 4.6).
int tb_code_decimal_value(uint32_t code)
{
    uint32_t first = code;
    while (tb_code_is_decimal(first - 1))
        first--;
    return (int)(code - first) % 10;
}

int tb_code_is_digit(uint32_t code)
{
    return tb_code_is_decimal(code) || IS_IN(digits, code);
}

int tb_code_is_numeric(uint32_t code)
{
    utf8proc_category_t c = category(code);
    return (c >= UTF8PROC_CATEGORY_ND && c <= UTF8PROC_CATEGORY_NO) || IS_IN(numeric_letters, code);
}

int tb_code_is_alnum(uint32_t code)
{
    utf8proc_category_t c = category(code);
    return tb_code_is_alpha(code) || (c >= UTF8PROC_CATEGORY_ND && c <= UTF8PROC_CATEGORY_NO);
}

int tb_code_is_space(uint32_t code)
{
    if (code < 0x80)
        return code == ' ' || (code >= 9 && code <= 13) || (code >= 0x1c && code <= 0x1f);
    utf8proc_category_t c = category(code);
    return code == 0x85 || (c >= UTF8PROC_CATEGORY_ZS && c <= UTF8PROC_CATEGORY_ZP);
}

int tb_code_is_lower(uint32_t code)
{
    return category(code) == UTF8PROC_CATEGORY_LL || IS_IN(other_lower, code);
}

int tb_code_is_upper(uint32_t code)
{
    return category(code) == UTF8PROC_CATEGORY_LU || IS_IN(other_upper, code);
}

int tb_code_is_title(uint32_t code)
{
    return category(code) == UTF8PROC_CATEGORY_LT;
}

int tb_code_is_cased(uint32_t code)
{
    return tb_code_is_lower(code) || tb_code_is_upper(code) || tb_code_is_title(code);
}

int tb_code_is_case_ignorable(uint32_t code)
{
    switch (category(code)) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_SK:
        return 1;
    default:
        return IS_IN(word_middles, code);
    }
}

int tb_code_is_printable(uint32_t code)
{
    if (code < 0x7f) return code >= ' ';
    utf8proc_category_t c = category(code);
    return c != UTF8PROC_CATEGORY_CN && c < UTF8PROC_CATEGORY_ZS;
}

// ----------------------------------------------------------------------------------------- case

typedef struct Special {
    uint32_t code;
    uint32_t upper[TB_CASE_MAX], title[TB_CASE_MAX];
} Special;

#define CASE_SPECIAL(code, u1, u2, u3, t1, t2, t3) {code, {u1, u2, u3}, {t1, t2, t3}},
static const Special specials[] = {
#include "case_special.def"
};
#undef CASE_SPECIAL

#define CAPITAL_I_DOT 0x130 // the one whose lower case is two code points

static const Special *special_of(uint32_t code)
{
    size_t low = 0, high = sizeof specials / sizeof *specials;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (code > specials[middle].code)
            low = middle + 1;
        else if (code < specials[middle].code)
            high = middle;
        else
            return &specials[middle];
    }
    return NULL;
}

// Copies a mapping up to its zeros.
static int copy_mapping(const uint32_t mapping[TB_CASE_MAX], uint32_t out[TB_CASE_MAX])
{
    int count = 0;
    while (count < TB_CASE_MAX && mapping[count] != 0) {
        out[count] = mapping[count];
        count++;
    }
    return count;
}

int tb_code_to_upper(uint32_t code, uint32_t out[TB_CASE_MAX])
{
    const Special *special = special_of(code);
    if (special != NULL) return copy_mapping(special->upper, out);
    out[0] = (uint32_t)utf8proc_toupper((utf8proc_int32_t)code);
    return 1;
}

int tb_code_to_title(uint32_t code, uint32_t out[TB_CASE_MAX])
{
    const Special *special = special_of(code);
    if (special != NULL) return copy_mapping(special->title, out);
    out[0] = (uint32_t)utf8proc_totitle((utf8proc_int32_t)code);
    return 1;
}

int tb_code_to_lower(uint32_t code, uint32_t out[TB_CASE_MAX])
{
    if (code == CAPITAL_I_DOT) {
        out[0] = 'i';
        out[1] = 0x307; // combining dot above
        return 2;
    }
    out[0] = (uint32_t)utf8proc_tolower((utf8proc_int32_t)code);
    return 1;
}

int tb_code_fold(uint32_t code, uint32_t out[TB_CASE_MAX])
{
    int boundary = UTF8PROC_BOUNDCLASS_START; // asked for by utf8proc, of no use here
    utf8proc_int32_t folded[TB_CASE_MAX];
    utf8proc_ssize_t count = utf8proc_decompose_char((utf8proc_int32_t)code, folded, TB_CASE_MAX,
                                                     UTF8PROC_CASEFOLD, &boundary);
    for (int i = 0; i < count && i < TB_CASE_MAX; i++)
        out[i] = (uint32_t)folded[i];
    return (int)count;
}
