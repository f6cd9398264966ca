// What people bring along from other languages. The compiler's messages say what is wrong with an
// entry; where it is a habit that they cannot recognise, a line says how Tombo does it.
#include <ctype.h>
#include <string.h>

#include "repl_state.h"

typedef struct Habit {
    bool is_start;      // at the start of the entry; else anywhere
    const char *phrase; // a blank at the end stands for the end of a word
    const char *help;
} Habit;

static const Habit habits[] = {
    {true, "except", "errors are caught by `catch e: ValueError`, or `catch` alone"},
    {true, "global ", "nothing is needed: in a function, `x = …` changes the `x` around it"},
    {true, "nonlocal ", "nothing is needed: in a function, `x = …` changes the `x` around it"},
    {true, "for (", "a loop goes over values: `for i in range(10)`"},
    {true, "foreach ", "a loop goes over values: `for x in xs`"},
    {true, "do ", "a loop begins with `while condition` or `for x in xs`"},
    {true, "int ", "a variable needs no type: `let x = 3`; with one: `let x: Int = 3`"},
    {true, "float ", "a variable needs no type: `let x = 3.5`; with one: `let x: Float = 3.5`"},
    {true, "double ", "a variable needs no type: `let x = 3.5`; with one: `let x: Float = 3.5`"},
    {true, "string ",
     "a variable needs no type: `let s = \"abc\"`; with one: `let s: String = \"abc\"`"},
    {true, "bool ", "a variable needs no type: `let b = true`; with one: `let b: Bool = true`"},
    {true, "set ", "to change a variable, write `x = 3` or `change x to 3`"},
    {true, "require", "`import shapes` reads shapes.tb; the standard library is always there"},
    {true, "len ", "call it: `len(…)`"},
    {true, "case ", "a `case` stands below `match x`, indented"},
    {true, "try:", "below it stands `catch e`, on a line of its own"},
    {true, "end", "`end` closes a block that was opened above it; nothing is open here"},
    {false, ") ->", "a function of one expression is `def f(x) => …`; `-> Int` gives a result's type"},
    {false, " ? ", "one of two values is `a if condition else b`"},
    {false, " . ", "texts are joined by `+`"},
    {false, "import *", "the whole standard library is there without an import"},
    {false, "console.log", "to print, write `println(…)`"},
    {false, "System.out", "to print, write `println(…)`"},
    {false, "echo ", "to print, write `println(…)`"},
    {false, "puts ", "to print, write `println(…)`"},
    {false, "end=", "`print` ends without a newline, `println` with one"},
    {false, ":=", "to make a variable, write `let x = …` or `x = …`"},
    {false, "===", "equality is `==`, identity is `is`"},
    {false, "this.", "in a method, the object is called `self`"},
    {false, "new ", "an object is made by calling its class: `Point(1, 2)`"},
    {false, "undefined", "the value that stands for nothing is `None`"},
    {false, "foreach", "a loop goes over values: `for x in xs`"},
    {false, "numpy", "Python's packages are not there; `:help` NAME says what the library has"},
};

static bool is_name_byte(char byte)
{
    return isalnum((unsigned char)byte) || byte == '_';
}

// Whether the phrase stands at [at], as whole words.
static bool stands_at(const char *text, const char *at, const char *phrase)
{
    size_t size = strlen(phrase);
    bool is_word = phrase[size - 1] == ' ';
    if (is_word) size--;
    if (strncmp(at, phrase, size) != 0) return false;
    bool begins_inside = at > text && is_name_byte(*phrase) && is_name_byte(at[-1]);
    bool ends_inside = is_name_byte(phrase[size - 1]) && is_name_byte(at[size]);
    return !begins_inside && !ends_inside;
}

static bool fits(const char *text, const Habit *habit)
{
    const char *start = text + strspn(text, " \t\n");
    if (habit->is_start) return stands_at(text, start, habit->phrase);
    for (const char *at = start; *at; at++)
        if (stands_at(text, at, habit->phrase)) return true;
    return false;
}

// Whether the entry is a sentence: three words or more and nothing else.
static bool is_prose(const char *text)
{
    int words = 0;
    for (const char *at = text; *at; at++) {
        if (!isalpha((unsigned char)*at) && !strchr(" ,.!?'\n", *at)) return false;
        words += isalpha((unsigned char)*at) && (at == text || at[-1] == ' ');
    }
    return words >= 3;
}

void repl_teach(const Repl *repl, const char *text)
{
    for (size_t i = 0; i < sizeof habits / sizeof *habits; i++) {
        if (!fits(text, &habits[i])) continue;
        message_help(repl->messages, "%s", habits[i].help);
        return;
    }
    if (is_prose(text))
        message_help(repl->messages, "text stands in quotes; `:help` says what can be typed here");
}
