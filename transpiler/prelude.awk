# Turns the preprocessed runtime header into a C string, the prelude of programs compiled in memory, and says where in it
# each declaration stands: see prelude.h.
#
# A piece is a declaration, a definition or a `#define`. C wants names declared before they are used, so the first piece
# with a name, macros aside, is the one that declares it; `struct NAME {` completes it in a second.
BEGIN {
    size = 0
    print "// The runtime's header as programs compiled in memory see it. Made by prelude.awk."
    print "#include \"transpiler/embedded.h\""
    print "const char prelude_text[] ="
}
/^#(define|undef) (__|[A-Z_]+_H$)/ || /^#define TB_NO_SYSTEM_HEADERS/ || /^[ \t]*$/ { next }
{
    piece = piece $0 "\n"
    depth += gsub(/{/, "{") - gsub(/}/, "}")
    if (depth == 0 && /^#|[;}]$/) finish()
    gsub(/\\/, "\\\\")
    gsub(/"/, "\\\"")
    print "    \"" $0 "\\n\""
}

# The piece is complete: notes what it declares.
function finish() {
    starts[++count] = size
    size += length(piece)
    names = 0
    if (piece ~ /^#define /) {
        match(piece, /^#define [A-Za-z0-9_]+/)
        add(substr(piece, 9, RLENGTH - 8), 1)
    } else {
        if (match(piece, /^struct tb_[a-z0-9_]+ {/)) add(substr(piece, 8, RLENGTH - 9), 1)
        rest = piece
        while (match(rest, /[A-Za-z0-9_]+/)) {
            add(substr(rest, RSTART, RLENGTH), 0)
            rest = substr(rest, RSTART + RLENGTH)
        }
    }
    is_basic[count] = !names
    piece = ""
}

function add(name, always) {
    if (name !~ /^(tb|TB)_/) return
    names++
    if (!always && name in declared) return
    if (piece !~ /^#/) declared[name] = 1
    rows[++row_count] = "    {\"" name "\", " count - 1 "},"
}

END {
    print "    \"\";"
    print "const PreludePiece prelude_pieces[] = {"
    for (i = 1; i <= count; i++) print "    {" starts[i] ", " is_basic[i] "},"
    print "    {" size ", 0},"
    print "};"
    print "const int prelude_piece_count = " count ";"
    print "const PreludeName prelude_names[] = {"
    fflush()
    for (i = 1; i <= row_count; i++) print rows[i] | "LC_ALL=C sort"
    close("LC_ALL=C sort")
    print "};"
    print "const int prelude_name_count = " row_count ";"
}
