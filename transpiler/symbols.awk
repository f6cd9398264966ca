# Turns the output of `nm`, sorted by name, into the table of what programs compiled in memory can refer to.
BEGIN {
    print "// Every name of the runtime, sorted. Made by symbols.awk."
    print "#include <string.h>"
    print "#include \"transpiler/embedded.h\""
    count = split("memcmp memcpy memmove memset", rows)
}
NF == 3 && $3 ~ /^tb_/ {
    print "extern const char " $3 "[];"
    rows[++count] = $3
}
END {
    print "const RuntimeSymbol runtime_symbols[] = {"
    for (i = 1; i <= count; i++) print "    {\"" rows[i] "\", " (i <= 4 ? "(const void *)" : "") rows[i] "},"
    print "};"
    print "const int runtime_symbol_count = " count ";"
}
