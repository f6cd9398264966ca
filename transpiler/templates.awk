# Turns the files of templates/ into strings of the compiler: `template_NAME` for NAME.c, `scenario_NAME` for
# memory/NAME.tb.
BEGIN {
    print "// The texts of templates/. Made by templates.awk."
    print "#include \"transpiler/embedded.h\""
}
FNR == 1 {
    if (NR > 1) print "    \"\";"
    name = FILENAME
    sub(/.*\//, "", name)
    kind = sub(/\.c$/, "", name) ? "template_" : "scenario_"
    sub(/\.tb$/, "", name)
    print "const char " kind name "[] ="
}
{
    gsub(/\\/, "\\\\")
    gsub(/"/, "\\\"")
    print "    \"" $0 "\\n\""
}
END { print "    \"\";" }
