# Turns the files of templates/ into strings of the compiler: `template_NAME` for NAME.c.
BEGIN {
    print "// The texts of templates/. Made by templates.awk."
    print "#include \"transpiler/embedded.h\""
}
FNR == 1 {
    if (NR > 1) print "    \"\";"
    name = FILENAME
    sub(/.*\//, "", name)
    sub(/\.c$/, "", name)
    print "const char template_" name "[] ="
}
{
    gsub(/\\/, "\\\\")
    gsub(/"/, "\\\"")
    print "    \"" $0 "\\n\""
}
END { print "    \"\";" }
