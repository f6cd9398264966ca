#!/usr/bin/env python3
"""What the scenarios of `tombo mem --profile` take in CPython, measured with tracemalloc: prints a JSON object of bytes.

Each figure is the memory that is taken while the things are made and kept, over how many there are; as in the Tombo
programs, the container counts where the figure is about its items and does not where it is about what is in it."""

import gc
import json
import sys
import tracemalloc


def process_size():
    with open("/proc/self/smaps_rollup", encoding="ascii") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith("Pss:"))


def taken(make, count, container=None):
    """Bytes for each of [count] things that [make] returns. What [container] takes, made the same way, does not count."""
    gc.collect()
    tracemalloc.start()
    kept = make()
    size = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    del kept
    return (size - (taken(container, 1) if container else 0)) / count


class Point:
    def __init__(self, x, y, z):
        self.x = x
        self.y = y
        self.z = z


class Node:
    def __init__(self, next):
        self.next = next


def adder(n):
    return lambda x: x + n


def defined(line, count):
    """Bytes for each of [count] statements, their code included."""
    def run(copies):
        names = {}
        exec(compile("".join(line.replace("$", str(i)) for i in range(1, copies + 1)), "scenario", "exec"), names)
        return names

    return taken(lambda: run(2 * count), count) - taken(lambda: run(count), count)


def imported():
    """What importing the modules takes that do what Tombo's library does, in a process of its own."""
    import base64, calendar, collections, configparser, copy, csv, datetime, functools, getpass, glob, hashlib, hmac, io
    import itertools, logging, math, operator, os, pathlib, platform, random, re, secrets, shutil, statistics, string
    import subprocess, tempfile, textwrap, time, types, unicodedata, unittest, uuid, xml.etree.ElementTree
    return None


def tangle(count):
    for _ in range(count):
        xs = []
        table = {"xs": xs}
        node = Node(table)
        xs.append(lambda xs=xs, node=node: [xs, node])
        table["node"] = node


def returned():
    gc.collect()
    gc.disable()
    tracemalloc.start()
    tangle(10000)
    made = tracemalloc.get_traced_memory()[0]
    gc.collect()
    left = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    gc.enable()
    return made - left


def slots(count):
    return lambda: [None] * count


def main():
    start = process_size()
    small = list(range(1000))  # Ints that are there anyway do not count for what only refers to them
    figures = {
        "start": start,
        "library": taken(imported, 1),
        "function": defined("def f$(x): return (x + $) % 1000\n", 100),
        "variable": defined("v$ = $\n", 100),
        "list_int": taken(lambda: list(range(1000)), 1000),
        "list_float": taken(lambda: [i * 0.5 for i in range(1000)], 1000),
        "list_bool": taken(lambda: [i % 2 == 0 for i in range(1000)], 1000),
        "string": taken(lambda: [f"{i:>100}" for i in range(100)], 100, slots(100)),
        "dict_entry": taken(lambda: {i: i for i in small}, 1000),
        "set_item": taken(lambda: {i for i in small}, 1000),
        "tuple": taken(lambda: [(i, i) for i in small], 1000, slots(1000)),
        "instance": taken(lambda: [Point(i, i, i) for i in small], 1000, slots(1000)),
        "closure": taken(lambda: [adder(i) for i in small], 1000, slots(1000)),
        "returned": returned(),
    }
    json.dump({"version": sys.version.split()[0], "bytes": figures}, sys.stdout)


if __name__ == "__main__":
    main()
