#include "repl_edit.h"
Editor *editor_new(Session *session, bool is_color)
{
    (void)session;
    (void)is_color;
    return NULL;
}
void editor_free(Editor *editor)
{
    (void)editor;
}
bool editor_read(Editor *editor, const char *a, const char *b, Text *entry)
{
    (void)editor;
    (void)a;
    (void)b;
    (void)entry;
    return false;
}
