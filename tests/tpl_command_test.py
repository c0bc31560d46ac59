"""mandat tpl TEMPLATE DATA.json: numbers with a fraction, partials beside the template, what is missing, what is broken."""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest


class Tpl(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def file(self, name, text):
        path = pathlib.Path(self.folder.name, name)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.encode())
        return str(path)

    def render(self, template, data, name="page.mustache"):
        ran = subprocess.run([program, "tpl", self.file(name, template), self.file("data.json", data if isinstance(data, str) else json.dumps(data))],
                             capture_output=True, check=False)
        return ran.stdout.decode() if ran.returncode == 0 else f"{ran.returncode}: {ran.stderr.decode()}"

    def test_numbers_and_texts(self):
        self.assertEqual(self.render("{{a}} {{b}} {{c}} {{t}} {{{t}}}\n", {"a": 1.21, "b": 85, "c": -0.5, "t": "é <🙂>"}), "1.21 85 -0.5 é &lt;🙂&gt; é <🙂>\n")

    def test_what_is_missing_is_empty(self):
        self.assertEqual(self.render("({{x}}{{a.b.c}}{{>none}}{{<none}}{{$t}}T{{/t}}{{/none}}{{#x}}1{{/x}}{{^x}}2{{/x}})", {"a": {}}), "(2)")

    def test_partials_lie_beside_the_template(self):
        self.file("row.mustache", "<{{n}}{{>sub/last}}>")
        self.file("sub/last.mustache", "!")
        self.file("exact", "as it is")
        self.file("node.mustache", "{{n}}({{#in}}{{>node}}{{/in}})")
        self.assertEqual(self.render("{{#l}}{{>row}}{{/l}} {{>exact}}", {"l": [{"n": 1}, {"n": 2.5}]}), "<1!><2.5!> as it is")
        self.assertEqual(self.render("{{>node}}", {"n": 1, "in": [{"n": 2, "in": []}]}), "1(2())")
        self.file("lay.html", "[{{$main}}-{{/main}}]")
        self.assertEqual(self.render("{{<lay}}{{$main}}m{{/main}}{{/lay}}", {}, "page.html"), "[m]")

    def test_partials_in_the_data(self):
        self.assertEqual(self.render("{{>p}}", {"x": 1, "partials": {"p": "{{x}}{{>q}}", "q": "."}}), "1.")

    def test_a_folder_is_no_partial(self):
        self.file("sub/x", "")
        self.assertEqual(self.render("({{>sub}})", {}), "()")

    def test_deep(self):
        data, template = {"x": 1}, "{{x}}"
        for _ in range(50):
            data, template = {"a": data}, "{{#a}}" + template + "{{/a}}"
        self.assertEqual(self.render(template, data), "1")

    def test_what_is_broken_says_where(self):
        self.assertRegex(self.render("\n{{#a}}", {}), r"^1: mandat: template:2: a is not closed")
        self.assertRegex(self.render("", "{"), r"^1: mandat: JSON, line 1")
        self.assertEqual(subprocess.run([program, "tpl", "/nowhere"], capture_output=True, check=False).returncode, 2)
        self.assertEqual(subprocess.run([program, "tpl", "/nowhere", "/nowhere"], capture_output=True, check=False).returncode, 1)


if __name__ == "__main__":
    program = sys.argv.pop(1)
    unittest.main()
