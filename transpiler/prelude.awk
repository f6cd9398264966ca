# Turns the preprocessed runtime header into a C string: the prelude of programs compiled in memory.
BEGIN {
    print "// The runtime's header as programs compiled in memory see it. Made by prelude.awk."
    print "#include \"transpiler/embedded.h\""
    print "const char prelude_text[] ="
}
/^#(define|undef) (__|[A-Z_]+_H$)/ || /^[ \t]*$/ { next }
{
    gsub(/\\/, "\\\\")
    gsub(/"/, "\\\"")
    print "    \"" $0 "\\n\""
}
END {
    print "    \"\";"
    print "const size_t prelude_size = sizeof prelude_text - 1;"
}
