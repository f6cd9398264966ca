"""The prompt on a terminal: keys, history, completion, colours, interruptions."""

import time

from terminal import DOWN, LEFT, RIGHT, UP, Terminal
from tool import Skip


def test_entries_are_answered(t):
    with Terminal(t) as term:
        term.enter("1 + 2")
        term.wait_for("\n3\n")
        t.check(term.leave() == 0, "Ctrl-D leaves with status 0")


def test_blocks_are_indented_and_ended_by_a_blank_line(t):
    with Terminal(t) as term:
        term.enter("def f(n)\rif n < 2\rreturn n\rend\rf(n - 1) + f(n - 2)\r")
        t.check("...   >     end\n...   >     f(n - 1)" in term.screen.text(), term.screen.text())
        t.check(term.enter("f(10)").endswith("\n55\ntombo>"), term.screen.text())


def test_unfinished_brackets_ask_for_more(t):
    with Terminal(t) as term:
        t.check("[1, 2]" in term.enter("[1,\r2]"), term.screen.text())


def test_exit_in_a_block_leaves_the_block(t):
    with Terminal(t) as term:
        term.enter("while true\rexit")
        t.check(term.enter("6 * 7").endswith("\n42\ntombo>"), term.screen.text())


def test_words_leave(t):
    for word in ("exit", "quit", "exit()", ":quit"):
        with Terminal(t) as term:
            term.send(word + "\r")
            term.process.wait(timeout=10)
            t.check(term.process.returncode == 0, f"{word} leaves")
    with Terminal(t) as term:
        term.send("exit(7)\r")
        t.check(term.process.wait(timeout=10) == 7, "the status of exit(7)")


def test_a_line_is_edited(t):
    with Terminal(t) as term:
        term.send("1 + 3" + LEFT * 4 + "0" + "\x05" + "0" + "\x01" + "4" + "\r")
        term.wait_for("\n440\n")  # 410 + 30
        term.prompt()
        term.send("abc def\x17\x15" + "7 * 6\r")  # Ctrl-W, Ctrl-U
        term.wait_for("\n42\n")


def test_lines_of_an_entry_are_edited(t):
    with Terminal(t) as term:
        term.send("[1,\r2]" + UP + LEFT + "0" + DOWN + "\r")
        term.wait_for("[10, 2]")


def test_history_brings_whole_entries_back(t):
    with Terminal(t) as term:
        term.enter("def f(n)\rn * 2\r")
        term.enter("f(4)")
        term.send(UP)
        term.wait(lambda: term.screen.text().endswith("tombo> f(4)"), "the last entry")
        term.send(UP)
        term.wait(lambda: term.screen.text().count("def f(n)") == 2, "the one before")
        term.send(DOWN + DOWN + DOWN)
        term.prompt()


def test_history_lasts_and_is_searched(t):
    with Terminal(t) as term:
        term.enter("11 + 22")
        term.enter("let other = 1")
        term.leave()
    t.check(t.read("state/tombo/history") == "11 + 22\nlet other = 1\n", "the history is kept")
    with Terminal(t) as term:
        term.send("\x1211")
        term.wait_for("search: 11  11 + 22")
        term.send("\r")
        term.wait_for("\n33\n")


def test_tab_completes(t):
    t.write("data.txt", "")
    with Terminal(t) as term:
        term.enter("long_name_of_mine = [1]")
        for keys, wanted in [
            ("long_na\t", "long_name_of_mine"),
            ("conti\t", "continue"),
            ('"abc".upp\t', '"abc".upper'),
            ("long_name_of_mine.appe\t", "long_name_of_mine.append"),
            ("math.isq\t", "math.isqrt"),
            (":res\t", ":reset"),
            ('read_file("dat\t', 'read_file("data.txt'),
        ]:
            term.send(keys)
            term.wait(lambda: term.screen.text().endswith("tombo> " + wanted), wanted)
            term.send("\x03")
            term.prompt()
        term.send("math.is\t")
        term.wait_for("isqrt(n: Int) -> Int")


def test_members_of_instances_are_completed(t):
    with Terminal(t) as term:
        term.enter("class Dog\rdef init()\rself.bones = 3\rend\rdef bark() => 1\r")
        term.enter("d = Dog()")
        term.send("d.bo\t")
        term.wait(lambda: term.screen.text().endswith("tombo> d.bones"), "the field")
        term.send("\x15d.ba\t")
        term.wait(lambda: term.screen.text().endswith("tombo> d.bark"), "the method")


def test_pasted_text_keeps_its_shape(t):
    with Terminal(t) as term:
        term.send("\x1b[200~def f(n)\n    if n\n        1\n    else\n        2\n\x1b[201~\r")
        term.prompt()
        t.check(term.enter("f(0)").endswith("\n2\ntombo>"), term.screen.text())


def test_ctrl_c_stops_an_entry_and_keeps_the_session(t):
    with Terminal(t) as term:
        term.enter("x = 5")
        slowest = 0
        loops = ("while true do pass end", "[i for i in range(10 ** 12)]", "sleep(60)")
        for count, loop in enumerate(loops, 1):
            term.send(f'println("go"); {loop}\r')
            term.wait(lambda: term.screen.text().count("\ngo") == count, "the start of the entry")
            start = time.monotonic()
            term.interrupt()
            term.wait(lambda: term.screen.text().count("Interrupt:") == count, "Interrupt")
            slowest = max(slowest, time.monotonic() - start)
            term.prompt()
        t.check(slowest < 2, f"it took {slowest} s")
        t.check(term.enter("x").endswith("\n5\ntombo>"), term.screen.text())


def test_ctrl_c_while_an_entry_is_compiled_stops_it(t):
    functions = "".join(f"def f{n}(a, b)\n    if a > b then a * {n} else b + {n}\n\nf{n}({n}, 2)\n" for n in range(4000))
    t.write("long.tb", "println(\"start\")\n" + functions + "while true do pass end\n")
    with Terminal(t) as term:
        term.send(":load long.tb\r")
        term.settle(0.05)  # it is being compiled, which takes longer
        term.interrupt()
        term.wait_for("Interrupt:")
        t.check("\nstart" not in term.prompt(), "it has begun")
        t.check(term.enter("1 + 1").endswith("\n2\ntombo>"), term.screen.text())


def test_ctrl_c_drops_what_was_typed(t):
    with Terminal(t) as term:
        term.send("half an en\x03")
        term.prompt()
        t.check(term.enter("1").endswith("\n1\ntombo>"), term.screen.text())


def test_crashes_come_back_to_the_prompt(t):
    if "asan" in t.path:
        raise Skip("a sanitizer ends the process")
    with Terminal(t) as term:
        term.enter("x = 5")
        term.enter('extern def crash(s: Int) -> Int = "strlen"')
        term.enter("crash(1)")
        term.wait_for("the entry crashed")
        t.check(term.enter("x").endswith("\n5\ntombo>"), term.screen.text())


def test_programs_read_the_terminal(t):
    with Terminal(t) as term:
        term.send('input("name? ")\r')
        term.wait_for("\nname?")
        term.send("hello\r")
        term.wait_for('"hello"')


def test_long_lines_go_on_in_the_next_row(t):
    with Terminal(t, width=40) as term:
        term.send("len(" + repr("abcdefghij" * 6).replace("'", '"') + ")\r")
        term.wait_for("\n60\n")
        term.resize(60)
        t.check(term.enter("1 + 1").endswith("\n2\ntombo>"), term.screen.text())


def test_values_and_entries_have_colours(t):
    with Terminal(t, color=True) as term:
        term.enter('[1, "a", true]')
        t.check("\x1b[36m1\x1b[0m" in term.raw and '\x1b[32m"a"\x1b[0m' in term.raw, repr(term.raw))
        term.send("let f = (1)")
        term.settle()
        t.check("\x1b[35mlet" in term.raw and "\x1b[1;4m)" in term.raw, repr(term.raw[-300:]))


def test_hints_come_from_signatures_and_history(t):
    with Terminal(t, color=True) as term:
        term.send("isqrt(")
        term.wait_for("isqrt(n: Int) -> Int")
        term.send("\x03")
        term.prompt()
        term.enter("12345 + 1")
        term.send("123")
        term.wait_for("tombo> 12345 + 1\n12346\ntombo> 12345 + 1")
        term.send(RIGHT + "\r")
        term.wait(lambda: term.screen.text().count("12346") == 2, "the entry again")


def test_reset_keeps_the_terminal_the_history_and_what_was_typed_ahead(t):
    for home in ({}, {"HOME": "/nowhere", "XDG_STATE_HOME": "/proc/nowhere"}):
        with Terminal(t, env=home) as term:
            term.enter("let x = 12345")
            term.send(":reset\r6 * 7\rx\r")
            term.wait_for("unknown name `x`")
            t.check("\n42\n" in term.prompt() and term.raw.count("Ctrl-D leaves") == 1, term.screen.text())
            term.send(UP + UP + UP + UP)
            term.wait(lambda: term.screen.text().endswith("tombo> let x = 12345"), "the first entry")
            term.interrupt()
            t.check(term.enter("8 * 8").endswith("\n64\ntombo>"), "Ctrl-C drops the line only")
            t.check(term.leave() == 0, "Ctrl-D leaves with status 0")


def test_reset_on_a_dumb_terminal(t):
    with Terminal(t, env={"TERM": "dumb"}) as term:
        term.send(":reset\r21 * 2\r")
        term.wait_for("42")


def test_reset_in_a_pipe_loses_nothing(t):
    t.expect(t.run("repl", stdin="let x = 1\n:reset\nx\n:reset\n\ndef f(n)\n    n * 2\n\nf(21)"),
             status=2, out="Interpreter reset\n" * 2 + "42\n", err="unknown name `x`")
    t.expect(t.run("repl", "-q", stdin="5\n" + ":reset\n" * 20 + "6\nprintln(7)\n"), out="Interpreter reset\n" * 20 + "7\n")
    long = "# " + "x" * 100000 + "\n"
    t.expect(t.run(stdin=":reset\n" + long + "len(\"" + "y" * 50000 + "\")\n"), out="Interpreter reset\n50000\n")


def test_a_dumb_terminal_gets_plain_lines(t):
    with Terminal(t, env={"TERM": "dumb"}) as term:
        term.send("def f(n)\r    n * 2\r\r")
        term.wait_for("...   > ")
        term.prompt()
        term.send("f(21)\r")
        term.wait_for("42")
        t.check("\x1b" not in term.raw, "no escape sequences")


def test_a_pipe_gets_no_prompts(t):
    t.expect(t.run(stdin="1 + 2\ndef f()\n    5\n\n    6\nf()\n"), out="3\n6\n")
    t.expect(t.run(stdin="1 / 0\n7\n"), status=1, out="7\n", err="ZeroDivisionError")
    t.expect(t.run(stdin="nonsense\n7\n"), status=2, out="7\n", err="unknown name")
    t.expect(t.run("repl", "--quiet", stdin="7\nprintln(8)\n"), out="8\n")
    t.expect(t.run(stdin="exit(3)\n"), status=3)


def test_output_without_a_newline_stays(t):
    with Terminal(t) as term:
        term.enter('print("abc")')
        t.check(term.screen.text().endswith('\nabc\ntombo>'), term.screen.text())


def test_a_pipe_gets_prompt_errors_in_their_place(t):
    result = t.run(stdin='println(1)\n1 / 0\nprintln(2)\n', stderr=-2)
    lines = [line for line in result.out.splitlines() if line in ("1", "2") or "error:" in line]
    t.check(lines == ["1", "error: ZeroDivisionError: division by zero", "2"], result.out)
