"""The command line: commands, options, help, exit statuses."""

HELLO = 'println("hello")\n'


def test_version_and_help_succeed(t):
    t.expect(t.run("--version"), out="tombo 0.1.0\n")
    t.expect(t.run("version"), out="tombo 0.1.0\n")
    for arguments in (["--help"], ["help"], ["-h"]):
        result = t.expect(t.run(*arguments))
        for word in ("run", "build", "check", "emit", "Exit status"):
            t.check(word in result.out, f"{arguments} says nothing about {word}")


def test_help_of_a_command(t):
    for arguments in (["help", "build"], ["build", "--help"]):
        result = t.expect(t.run(*arguments))
        for option in ("-o", "--debug", "--static", "--cc", "--keep-c", "--emit-c", "--sanitize"):
            t.check(option in result.out, f"no {option} in {arguments}")
        t.check("--after" not in result.out, "--after belongs to emit")


def test_unknown_words_are_rejected_with_the_nearest(t):
    t.expect(t.run("biuld"), status=2, err="did you mean `tombo build`?")
    t.expect(t.run("help", "chek"), status=2, err="did you mean `tombo check`?")
    t.expect(t.run("build", "--sttic", "x.tb"), status=2, err="did you mean `--static`?")
    t.expect(t.run("emit", "--after=infr", "x.tb"), status=2, err="did you mean `infer`?")
    t.expect(t.run("--nonsense"), status=2, err="there is no option `--nonsense`")
    t.expect(t.run("--color=sometimes", "-e", "1"), status=2, err="auto, always or never")


def test_commands_need_what_they_need(t):
    for command in ("build", "check", "emit", "run"):
        t.expect(t.run(command), status=2, err="needs a file")
    t.expect(t.run("build", "x.tb", "-o"), status=2, err="needs a value")
    t.expect(t.run("build", "--debug=yes", "x.tb"), status=2, err="takes no value")
    t.expect(t.run("check", "a.tb", "b.tb"), status=2, err="one argument too many")


def test_files_that_cannot_be_read(t):
    t.expect(t.run("missing.tb"), status=2, err="cannot read `missing.tb`: No such file or directory")
    t.expect(t.run("run", "missing"), status=2, err="No such file or directory")
    t.write("folder.tb/x", "")
    t.expect(t.run("run", "folder.tb"), status=2, err="Is a directory")
    t.expect(t.run("build", "folder.tb"), status=2, err="Is a directory")


def test_ways_to_run(t):
    t.write("hello.tb", HELLO)
    t.write("noext", "#!/usr/bin/env tombo\n" + HELLO)
    for arguments in (["hello.tb"], ["run", "hello.tb"], ["./noext"], ["noext"], ["-e", HELLO], ["run", "-e", HELLO],
                      ["--", "hello.tb"], ["run", "--", "hello.tb"], ["--color=never", "hello.tb"]):
        t.expect(t.run(*arguments), out="hello\n")
    t.expect(t.run(stdin=HELLO), out="hello\n")
    t.expect(t.run("-", stdin=HELLO), out="hello\n")
    t.expect(t.run("run", "-", stdin=HELLO), out="hello\n")


def test_empty_programs_do_nothing(t):
    for text in ("", "\n", "# only a comment\n", "\ufeff", "# no newline"):
        t.write("empty.tb", text)
        t.expect(t.run("empty.tb"), out="")
    t.expect(t.run("build", "empty.tb"), out="")
    t.expect(t.run("-e", ""), out="")


def test_arguments_reach_the_program(t):
    t.write("args.tb", "def main(args)\n    println(args)\n")
    expected = '["a b", "--json", "-x", "--", "é"]\n'
    arguments = ["a b", "--json", "-x", "--", "é"]
    t.expect(t.run("args.tb", *arguments), out=expected)
    t.expect(t.run("run", "args.tb", *arguments), out=expected)
    t.expect(t.run("-e", "println(argv()[1:])", *arguments), out=expected)
    t.expect(t.run("build", "args.tb"), out="")
    from tool import execute
    t.expect(execute([t.folder + "/args", *arguments]), out=expected)


def test_exit_statuses(t):
    t.expect(t.run("-e", "exit(7)"), status=7)
    t.expect(t.run("-e", "throw \"x\""), status=1)
    t.expect(t.run("-e", "[1][5]"), status=1, err="IndexError")
    t.expect(t.run("-e", "let ="), status=2)
    t.expect(t.run("check", "-e", "nonsense_name"), status=2, err="nonsense_name")
    t.expect(t.run("check", "-e", "1"), out="")


def test_stages_are_printed(t):
    t.write("hello.tb", HELLO)
    for stage in ("lexer", "parser", "lower", "c"):
        result = t.expect(t.run("emit", "--after=" + stage, "hello.tb"), err="")
        t.check("println" in result.out, f"no println after {stage}")
    for stage in ("resolve", "infer"):
        result = t.expect(t.run("emit", "--after=" + stage, "-e", "def twice(x)\n    x * 2\nprintln(twice(2))"), err="")
        t.check("twice" in result.out, f"no twice after {stage}")
    t.expect(t.run("emit", "--after=parser", "-e", "let x = "), status=2)
    t.expect(t.run("emit", "--after=parser", "-e", "unknown_name"), status=0)
    t.expect(t.run("emit", "--after=resolve", "-e", "unknown_name"), status=2, err="unknown_name")


def test_json_messages(t):
    import json
    result = t.expect(t.run("check", "--json", "-e", "let x = 1\nunknown_name\n"), status=2)
    found = [json.loads(line) for line in result.err.splitlines()]
    t.check(found[0]["line"] == 2 and found[0]["column"] == 1 and found[0]["severity"] == "error", str(found))
    json.loads(t.expect(t.run("--json", "missing.tb"), status=2).err)


def test_colour_only_where_wanted(t):
    bad = ["check", "-e", "unknown_name"]
    t.check("\x1b[" not in t.run(*bad).err, "colour in a pipe")
    t.check("\x1b[" in t.run("--color=always", *bad).err, "no colour with --color=always")
    t.check("\x1b[" not in t.run("--color=never", *bad).err, "colour with --color=never")
