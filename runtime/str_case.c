// Upper, lower and title case of texts. What a code point becomes may be up to three code points
// and may depend on where it stands, so the result is built code point by code point. An ASCII text
// needs none of that.
#include "str.h"

#include "text.h"
#include "unicode.h"
#include "utf8.h"

// A code point where it stands.
typedef struct Place {
    const char *start, *at, *end; // the text, and the code point in it
    uint32_t code;
    int follows_cased; // the code point before is cased
} Place;

// Writes what the code point becomes to [out]; returns how many code points that is.
typedef int (*Mapping)(const Place *place, uint32_t out[TB_CASE_MAX]);

static tb_str *map_codes(tb_str *s, Mapping mapping)
{
    tb_text text;
    tb_text_begin(&text);
    Place place = {s->data, s->data, s->data + s->size, 0, 0};
    for (const char *next = s->data; next < place.end;) {
        uint32_t out[TB_CASE_MAX];
        place.at = next;
        place.code = tb_utf8_next(&next);
        int count = mapping(&place, out);
        for (int i = 0; i < count; i++)
            if (tb_text_add_code(&text, out[i]) < 0) return NULL;
        place.follows_cased = tb_code_is_cased(place.code);
    }
    return tb_text_end(&text);
}

// ------------------------------------------------------------------------------------- mappings

#define CAPITAL_SIGMA 0x3a3
#define SMALL_SIGMA   0x3c3
#define FINAL_SIGMA   0x3c2

// Whether the next code point before (after) this one that is not case-ignorable is cased.
static int is_cased_before(const Place *place)
{
    for (const char *at = place->at; at > place->start;) {
        uint32_t code = tb_utf8_previous(&at);
        if (!tb_code_is_case_ignorable(code)) return tb_code_is_cased(code);
    }
    return 0;
}

static int is_cased_after(const Place *place)
{
    const char *at = place->at;
    tb_utf8_next(&at);
    while (at < place->end) {
        uint32_t code = tb_utf8_next(&at);
        if (!tb_code_is_case_ignorable(code)) return tb_code_is_cased(code);
    }
    return 0;
}

static int map_lower(const Place *place, uint32_t out[TB_CASE_MAX])
{
    if (place->code != CAPITAL_SIGMA) return tb_code_to_lower(place->code, out);
    // Final_Sigma, table 3-17 of the Unicode Standard.
    out[0] = is_cased_before(place) && !is_cased_after(place) ? FINAL_SIGMA : SMALL_SIGMA;
    return 1;
}

static int map_upper(const Place *place, uint32_t out[TB_CASE_MAX])
{
    return tb_code_to_upper(place->code, out);
}

static int map_title(const Place *place, uint32_t out[TB_CASE_MAX])
{
    return place->follows_cased ? map_lower(place, out) : tb_code_to_title(place->code, out);
}

static int map_capital(const Place *place, uint32_t out[TB_CASE_MAX])
{
    return place->at > place->start ? map_lower(place, out) : tb_code_to_title(place->code, out);
}

static int map_swap(const Place *place, uint32_t out[TB_CASE_MAX])
{
    if (tb_code_is_upper(place->code)) return map_lower(place, out);
    if (tb_code_is_lower(place->code)) return tb_code_to_upper(place->code, out);
    out[0] = place->code;
    return 1;
}

static int map_fold(const Place *place, uint32_t out[TB_CASE_MAX])
{
    return tb_code_fold(place->code, out);
}

// ---------------------------------------------------------------------------------------- texts

// An ASCII text with the case of every letter from [first] to first + 25 changed.
static tb_str *flip_ascii(const tb_str *s, char first)
{
    if (s->size == 0) return tb_str_empty();
    tb_str *flipped = tb_str_alloc(s->size, s->size);
    if (flipped == NULL) return NULL;
    char *out = tb_str_bytes(flipped);
    for (int64_t i = 0; i < s->size; i++) {
        int is_letter = (uint8_t)(s->data[i] - first) < 26;
        out[i] = (char)(s->data[i] ^ is_letter << 5);
    }
    return flipped;
}

tb_str *tb_str_upper(tb_str *s)
{
    return s->flags & TB_STR_ASCII ? flip_ascii(s, 'a') : map_codes(s, map_upper);
}

tb_str *tb_str_lower(tb_str *s)
{
    return s->flags & TB_STR_ASCII ? flip_ascii(s, 'A') : map_codes(s, map_lower);
}

tb_str *tb_str_title(tb_str *s)
{
    return map_codes(s, map_title);
}

tb_str *tb_str_capitalize(tb_str *s)
{
    return map_codes(s, map_capital);
}

tb_str *tb_str_swap_case(tb_str *s)
{
    return map_codes(s, map_swap);
}

tb_str *tb_str_fold_case(tb_str *s)
{
    return s->flags & TB_STR_ASCII ? flip_ascii(s, 'A') : map_codes(s, map_fold);
}
