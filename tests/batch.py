"""Golden programs built together.

Linking a small program, and starting what does it, takes longer than compiling it. So each program of a batch becomes an
object file, by `tombo build` with the compiler of tests/cc/*-object, and all of them become one executable. It runs the
program whose number stands behind the last `-` of the name it was started by.
"""

import os

import tool as tools
from tool import Failure, Skip, Tool

DISPATCHER = """#include <stdlib.h>
#include <string.h>

{prototypes}

int main(int argc, char **argv)
{{
    static int (*const programs[])(int, char **) = {{{names}}};
    return programs[atoi(strrchr(argv[0], '-') + 1)](argc, argv);
}}
"""


class Batch:
    """Golden programs that are run in the same mode, through the same compiler."""

    def __init__(self, mode, compiler):
        self.mode = mode
        self.compiler = compiler
        self.goldens = []

    def run(self, options):
        """Builds and runs all; returns the name and the Failure, or None, of each."""
        with Tool(options.tool, options.patience) as tool:
            errors = [attempt(self.compile, tool, number) for number in range(len(self.goldens))]
            link_error = attempt(self.link, tool, [number for number, error in enumerate(errors) if not error])
            for number, golden in enumerate(self.goldens):
                errors[number] = errors[number] or link_error or attempt(golden.run_built, tool, program(tool, number))
        return [(golden.case_name(self.mode), error) for golden, error in zip(self.goldens, errors)]

    def compile(self, tool, number):
        flags = self.goldens[number].build_flags(self.mode)
        more = {"TOMBO_TEST_NUMBER": str(number), "TOMBO_TEST_LINK": os.path.join(tool.folder, f"{number}.link")}
        self.goldens[number].build(tool, flags + ["--cc=" + tools.OBJECT_CC[self.compiler]], object_file(tool, number), more)

    def link(self, tool, numbers):
        if not numbers:
            return
        names = [f"main_{number}" if number in numbers else "0" for number in range(len(self.goldens))]
        prototypes = "\n".join(f"int {name}(int, char **);" for name in names if name != "0")
        source = tool.write("dispatcher.c", DISPATCHER.format(prototypes=prototypes, names=", ".join(names)))
        arguments = tool.read(f"{numbers[0]}.link").split("\n")[:-1]
        objects = [object_file(tool, number) for number in numbers]
        result = tools.execute([self.compiler, "-o", os.path.join(tool.folder, "programs"), source, *objects, *arguments])
        if result.status != 0:
            raise Failure(f"the batch does not link: {result.describe()}")
        for number in numbers:
            os.link(os.path.join(tool.folder, "programs"), program(tool, number))


def object_file(tool, number):
    return os.path.join(tool.folder, f"{number}.o")


def program(tool, number):
    return os.path.join(tool.folder, f"program-{number}")


def attempt(action, *arguments):
    """What went wrong, or None."""
    try:
        action(*arguments)
    except (Failure, Skip) as error:
        return error
    except Exception as error:  # a test that breaks fails; the others go on
        return Failure(f"{type(error).__name__}: {error}")
    return None


def batches(pairs, size):
    """Batches of at most [size], out of pairs of a Golden and a mode."""
    found, open_batches = [], {}
    for golden, mode in pairs:
        key = mode, golden.compiler(mode)
        batch = open_batches.get(key)
        if not batch or len(batch.goldens) == size:
            batch = open_batches[key] = Batch(*key)
            found.append(batch)
        batch.goldens.append(golden)
    return found
