// What code points are: letters, digits, spaces, cased or not; and their upper, lower and title
// case.
//
// Categories and simple case mappings are utf8proc's. What it does not know (mappings to several
// code points, Other_Lowercase, numeric types, …) comes from small tables in unicode.c and
// case_special.def. The answers are those of the str methods of CPython 3.11.
#ifndef TB_UNICODE_H
#define TB_UNICODE_H

#include "value.h"

#define TB_CASE_MAX 3 // code points one can become when its case changes

int tb_code_is_alpha(uint32_t code);   // a letter: category L
int tb_code_is_decimal(uint32_t code); // a digit of a decimal system: category Nd
int tb_code_decimal_value(uint32_t code); // of such a digit: 0 to 9
int tb_code_is_digit(uint32_t code);   // that or a digit of another shape, as a superscript
int tb_code_is_numeric(
    uint32_t code); // has a numeric value: digits, fractions, numerals, some ideographs
int tb_code_is_alnum(uint32_t code);
int tb_code_is_space(uint32_t code);
int tb_code_is_lower(uint32_t code); // the property Lowercase
int tb_code_is_upper(uint32_t code); // the property Uppercase
int tb_code_is_title(uint32_t code); // category Lt
int tb_code_is_cased(uint32_t code); // any of these three
int tb_code_is_case_ignorable(uint32_t code);
int tb_code_is_printable(
    uint32_t code); // can be shown as it is: no control, separator or unassigned code

// Each writes what [code] becomes by itself to [out] and returns how many code points that is.
// Where a small sigma ends a word is the business of str_case.c.
int tb_code_to_upper(uint32_t code, uint32_t out[TB_CASE_MAX]);
int tb_code_to_lower(uint32_t code, uint32_t out[TB_CASE_MAX]);
int tb_code_to_title(uint32_t code, uint32_t out[TB_CASE_MAX]);
int tb_code_fold(uint32_t code, uint32_t out[TB_CASE_MAX]); // for comparing without case

#endif
