"""Programs link the libraries of others only where they use them."""

import re

from tool import execute

OTHERS = {"pcre2": 'println(find_all(r"a", "banana"))', "expat": 'println(get_tag(xml.parse("<a/>")))',
          "crypto": 'println(len(sha256("a")))'}


def linked(t, program):
    """Those of OTHERS that the executable of a program asks for."""
    t.need("readelf")
    path = t.write("app.tb", program + "\n")
    t.expect(t.run("build", path, "-o", "app", timeout=120))
    sections = t.expect(execute(["readelf", "-d", "app"], cwd=t.folder)).out
    needed = " ".join(re.findall(r"NEEDED.*\[(.*?)\]", sections))
    return {name for name in OTHERS if name in needed}


def test_a_program_that_uses_none_links_none(t):
    t.check(linked(t, 'println(json.parse("[1]"), upper("a"))') == set(), "linked without use")


def test_each_is_linked_where_it_is_used(t):
    for name, program in OTHERS.items():
        found = linked(t, program)
        t.check(found == {name}, f"{program} links {found}")
