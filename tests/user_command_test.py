"""mandat organization, mandat user: from an empty folder to the first administrator inside, and back in after a password is lost (X-1)."""
import contextlib
import http.cookiejar
import pathlib
import re
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request

PASSWORD = "quatre-lanternes-au-quai"


class First(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.port = s.getsockname()[1]
        self.data = str(pathlib.Path(self.folder.name, "data"))
        self.environment = {"MANDAT_DATA": self.data, "MANDAT_ADDRESS": f"http://localhost:{self.port}", "MANDAT_LISTEN": f"127.0.0.1:{self.port}", "LC_ALL": "C.UTF-8"}

    def mandat(self, *words):
        ran = subprocess.run([program, *words], env=self.environment, capture_output=True, text=True, check=False)
        return ran.returncode, ran.stdout.strip(), ran.stderr.strip()

    def options(self):
        with contextlib.closing(sqlite3.connect(pathlib.Path(self.data, "mandat.db"))) as db:
            return db.execute("SELECT name FROM organization_option").fetchall()

    def serve(self):
        server = subprocess.Popen([program, "serve"], env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(server.wait)
        self.addCleanup(server.terminate)
        for _ in range(300):
            try:
                with urllib.request.urlopen(f"http://localhost:{self.port}/health") as answer:
                    return self.assertEqual(answer.status, 200)
            except OSError:
                time.sleep(0.1)
        self.fail("does not serve")

    def browser(self):
        jar = http.cookiejar.CookieJar(http.cookiejar.DefaultCookiePolicy(secure_protocols=("http", "https")))     # as browsers do for localhost
        return urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))

    def status(self, browser, request):
        """What comes of an address, a path or a request: status, where it led, page."""
        if isinstance(request, str) and request.startswith("/"):
            request = f"http://localhost:{self.port}{request}"
        try:
            with browser.open(request) as answer:
                return answer.status, answer.url, answer.read().decode()
        except urllib.error.HTTPError as e:
            return e.code, e.url, e.read().decode()

    def send(self, browser, page, action, **fields):
        token = re.search(r'name="form_token" value="([^"]+)"', page).group(1)
        request = urllib.request.Request(f"http://localhost:{self.port}{action}", urllib.parse.urlencode({"form_token": token, **fields}).encode(),
                                         {"Origin": f"http://localhost:{self.port}"})
        return self.status(browser, request)

    def test_x_1_the_first_administrator_gets_in_and_back_in(self):
        self.assertEqual(self.mandat("organization", "Société d’Essai", "--operator"), (0, "societe-d-essai", ""))
        invited = self.mandat("user", "ada@essai.example", "--org", "societe-d-essai", "--first-name", "Ada", "--last-name", "Martin")
        self.assertEqual(invited[0], 0, invited)
        self.assertRegex(invited[1], rf"^http://localhost:{self.port}/account/invitation/\S+$")
        self.serve()
        browser = self.browser()
        status, _, page = self.status(browser, invited[1])
        self.assertEqual(status, 200)
        self.assertIn("Société d’Essai", page)
        action = urllib.parse.urlparse(invited[1]).path + "/password"
        status, url, page = self.send(browser, page, action, username="ada@essai.example", password=PASSWORD)
        self.assertEqual((status, urllib.parse.urlparse(url).path), (200, "/o/societe-d-essai"), page[:2000])
        self.assertEqual(self.status(browser, "/o/societe-d-essai/members")[0], 200)
        self.assertNotIn('name="password"', self.status(self.browser(), invited[1])[2])      # once

        status, link, _ = self.mandat("user", "Ada@essai.example", "--password")
        self.assertEqual(status, 0)
        again = self.browser()
        status, _, page = self.status(again, link)
        self.assertEqual(status, 200)
        status, url, _ = self.send(again, page, urllib.parse.urlparse(link).path, password=PASSWORD + "-neuf")
        self.assertEqual(status, 200, url)
        self.assertEqual(self.mandat("journal", "verify")[0], 0)

    def test_an_option_of_the_plan_comes_and_goes(self):
        """L-6"""
        self.mandat("organization", "Une", "--operator")
        self.assertEqual(self.mandat("option", "gallery", "--org", "une"), (0, "on", ""))
        self.assertEqual(self.mandat("option", "gallery", "--org", "une"), (0, "on", ""))
        self.assertEqual(self.options(), [("gallery",)])
        self.assertEqual(self.mandat("option", "gallery", "--org", "une", "--off"), (0, "off", ""))
        self.assertEqual(self.options(), [])
        self.assertEqual(self.mandat("journal", "verify")[0], 0)

    def test_what_cannot_be_says_why(self):
        self.mandat("organization", "Une", "--operator")
        for words, status, text in (
                (("organization", "Deux", "--operator"), 1, "Une runs this server"),
                (("organization", "Deux", "--siren", "123456789"), 1, "no SIREN"),
                (("organization",), 2, "mandat organization NAME"),
                (("organization", "Deux", "Trois"), 2, "mandat organization NAME"),
                (("user", "ada@essai.example", "--org", "nulle", "--first-name", "A", "--last-name", "M"), 1, "no organization has the address name nulle"),
                (("user", "ada@essai.example", "--org", "une", "--first-name", "A", "--last-name", "M", "--role", "collaborator"), 1, "is no role"),
                (("user", "ada", "--org", "une", "--first-name", "A", "--last-name", "M"), 2, "mandat user EMAIL"),
                (("user", "ada@essai.example", "--org", "une"), 2, "mandat user EMAIL"),
                (("option", "fanfare", "--org", "une"), 1, "is no option"), (("option", "gallery", "--org", "nulle"), 1, "no organization"), (("option", "gallery"), 2, "mandat option NAME"),
                (("user", "ada@essai.example", "--password"), 1, "nobody has this address")):
            got, out, err = self.mandat(*words)
            self.assertEqual((got, out), (status, ""), words)
            self.assertIn(text, err)
        invite = ("user", "ada@essai.example", "--org", "une", "--first-name", "A", "--last-name", "M")
        self.assertEqual(self.mandat(*invite)[0], 0)
        status, out, err = self.mandat(*invite)
        self.assertEqual((status, out), (1, ""))
        self.assertIn("déjà invitée", err)


if __name__ == "__main__":
    program = sys.argv.pop(1)
    unittest.main()
