#!/usr/bin/env python3
"""Tests of tools/sql.py: what it makes of a query, what it refuses and where it says so.  sql_test.py SQL_PY"""
import os
import subprocess
import sys
import tempfile
import unittest

SQL_PY = sys.argv.pop(1)


class Sql(unittest.TestCase):
    def setUp(self):
        self.dir = tempfile.TemporaryDirectory()
        self.addCleanup(self.dir.cleanup)

    def path(self, name):
        return os.path.join(self.dir.name, name)

    def run_tool(self, *args):
        return subprocess.run([sys.executable, SQL_PY, *args], capture_output=True, text=True, check=False)

    def gen(self, text):
        with open(self.path("q.sql"), "w", encoding="utf-8") as file:
            file.write(text)
        done = self.run_tool("gen", "--table", "all_queries", self.path("q.c"), self.path("q.h"), self.path("q.sql"))
        self.assertEqual(done.returncode, 0, done.stderr)
        with open(self.path("q.c"), encoding="utf-8") as file:
            return file.read()

    def refuse(self, text, words, line=None):
        with open(self.path("q.sql"), "w", encoding="utf-8") as file:
            file.write(text)
        done = self.run_tool("gen", self.path("q.c"), self.path("q.h"), self.path("q.sql"))
        self.assertNotEqual(done.returncode, 0, f"not refused: {text}")
        self.assertIn(words, done.stderr)
        self.assertFalse(os.path.exists(self.path("q.c")))
        if line:
            self.assertIn(f"q.sql:{line}:", done.stderr)

    def test_parameters_have_one_slot_each(self):
        c = self.gen("-- a: read\nSELECT ':no' AS a, b::x FROM t WHERE a = :one AND b = :two AND c = :one -- :none\n")
        self.assertIn("\"SELECT ':no' AS a, b::x FROM t WHERE a = ?1 AND b = ?2 AND c = ?1\", (const unsigned char[]){ 0, 1, 255 }", c)
        self.assertIn("a = $1 AND b = $2 AND c = $1\"", c)

    def test_each_choice_of_clauses_is_a_text(self):
        c = self.gen("-- a: read\nSELECT a FROM t WHERE o = :o [[x: AND x = :x]] [[y: AND y > 3]] [[x: AND z < :x]]\n")
        for text in ("o = ?1\", (const unsigned char[]){ 0, 255", "o = ?1 AND x = ?2 AND z < ?2\", (const unsigned char[]){ 0, 1, 255",
                     "o = ?1 AND y > 3\"", "o = ?1 AND x = ?2 AND y > 3 AND z < ?2\""):
            self.assertIn(text, c)
        self.assertIn('.params = (const char *const[]){ "o", "x", "y", NULL }', c)
        self.assertIn('.clauses = (const char *const[]){ "x", "y", NULL }', c)

    def test_blocks_are_for_one_database(self):
        c = self.gen("-- a: write @across\nSELECT {{sqlite: :s}}{{postgresql: :p}} FROM t {{postgresql: FOR UPDATE}};\n")
        self.assertIn('"SELECT ?1 FROM t", (const unsigned char[]){ 0, 255 }', c)
        self.assertIn('"SELECT $1 FROM t FOR UPDATE", (const unsigned char[]){ 1, 255 }', c)
        self.assertIn(".is_write = true, .is_across = true", c)

    def test_a_part_stands_where_it_is_named(self):
        c = self.gen("-- row: part\n-- Of both.\nt.a,\n  t.b [[x: , t.x]]\n-- a: read\nSELECT {{>row}} FROM t WHERE o = :o\n-- b: read\nSELECT {{>row}}, c FROM t\n")
        for text in ('"SELECT t.a, t.b FROM t WHERE o = ?1"', '"SELECT t.a, t.b , t.x FROM t WHERE o = ?1"', '"SELECT t.a, t.b , c FROM t"'):
            self.assertIn(text, c)
        self.assertNotIn("sql_row", c)

    def test_parts_that_are_refused(self):
        self.refuse("-- a: read\nSELECT a,\n  {{>row}} FROM t\n", "no part row", 3)
        self.refuse("-- row: part\na\n-- a: read\nSELECT 1\n", "no query names", 1)
        self.refuse("-- row: part\na\n-- row: part\nb\n-- a: read\nSELECT {{>row}}\n", "already", 3)
        self.refuse("-- row: part\na -- the key\n-- a: read\nSELECT {{>row}}\n", "neither comments", 1)
        self.refuse("-- row: part\na\n\n-- a: read\nSELECT\n{{>row}}\nFROM t ]]\n", "closes nothing", 7)

    def test_marks_may_stand_below(self):
        self.gen("-- a: read\n-- Few.\n-- @bounded: a dozen at most\nSELECT a FROM t ORDER BY a\n")
        self.gen("-- a: read\nSELECT a, RANK() OVER (ORDER BY a) AS r FROM t\n")

    def test_refusals(self):
        for sql, words in (
                ("SELECT * FROM t", "name the columns"), ("SELECT t.* FROM t", "name the columns"), ("SELECT a FROM t OFFSET 3", "row-value"),
                ("SELECT Lower(a) FROM t", "keys made in C"), ("SELECT a FROM t WHERE a LIKE :b", "prefix"), ("SELECT a FROM t ORDER BY a", "LIMIT"),
                ("DELETE FROM t", "marked read"), ("SELECT a FROM t FOR UPDATE", "marked read"), ("SELECT 1; SELECT 2", "one statement"),
                ("SELECT ?1", ":name"), ("SELECT $1", ":name"), ("SELECT CURRENT_TIMESTAMP", ":now"), ("", "no SQL"), ("SELECT [[a: b", "missing"),
                ("SELECT a ]]", "closes nothing"), ("SELECT {{mysql: a}}", "mysql"), ("SELECT [[a: [[b: c]]]]", "inside"), ("SELECT 'a", "quote"),
                ("SELECT " + "".join(f"[[c{i}: 1]]" for i in range(7)), "6 at most")):
            with self.subTest(sql=sql):
                self.refuse(f"-- a: read\n{sql}\n", words)

    def test_errors_say_where(self):
        self.refuse("-- a: read\nSELECT 1\n\n-- b: read\n-- Two lines down.\nSELECT a\nFROM t ]]\n", "closes nothing", 7)
        self.refuse("-- a: read\nSELECT 1\n-- a: read\nSELECT 2\n", "already at", 3)
        self.refuse("-- a: read @acros\nSELECT 1\n", "@acros", 1)
        self.refuse("SELECT 1\n", "before the first", 1)

    def test_count(self):
        with open(self.path("q.sql"), "w", encoding="utf-8") as file:
            file.write("-- a: read @across\nSELECT {{sqlite: 1}} {{postgresql: 2}}\n-- b: read\n-- @across: why\nSELECT 1 {{postgresql: x}}\n")
        self.assertEqual(self.run_tool("count", self.path("q.sql")).stdout, "across 2\nspecific 2\n")


unittest.main()
