#!/usr/bin/env python3
"""Several servers on one PostgreSQL (X-8), as docs/operations.md has them: two processes `mandat serve`, one key, one data folder, either answers anybody.

    servers_test.py PROGRAM

PROGRAM (or what MANDAT names). Signed in on one, one acts on the other; what is withdrawn on one is gone on the very next request of the other; jobs and
mails are done once; an upload goes on while the other server starts; one dies by `kill -9` and the other goes on. At the end PostgreSQL's own tools
copy the database, `mandat backup` and `mandat restore` prove the copy, and a server serves it. TAP on standard output."""
import copy
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from lib.kill import LATE_S, OFFICE, PORTAL, Form, Person, Post, Postgresql, Server   # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent
FORG = "(SELECT id FROM organization WHERE slug = 'froid-atlantique')"
HOST = "localhost:8080"                     # what people type; something in front chooses the server
CLAIRE, SABINE, PASSWORD = "claire.delmas@bellerive.example", "sabine.cozic@froid-atlantique.example", "bateau-lavoir-2026"
BIN = pathlib.Path(os.environ.get("MANDAT_PG_BIN", "/usr/lib/postgresql/15/bin"))


class Serving(Server):
    """One of several servers behind one name."""
    def __init__(self, program, folder, database, env, log):
        super().__init__(program, folder, database, env, log)
        self.words = [program, "serve", "--data", str(folder), "--listen", f"127.0.0.1:{self.port}"]
        self.env = {**env, "MANDAT_DATABASE": database.address, "MANDAT_ADDRESS": f"http://{HOST}"}

    def ask(self, method, target, body=None, headers=()):
        return super().ask(method, target, body, {**dict(headers), "Host": HOST})


class Signed(Person):
    """Signed in with a password; may be asked of any server afterwards."""
    def __init__(self, server, place, email):        # pylint: disable=super-init-not-called
        self.server, self.headers = server, {"Sec-Fetch-Site": "same-origin"}
        _, headers, page = server.ask("GET", place, None, self.headers)
        self.headers["Cookie"] = headers.get("set-cookie", "").split(";")[0]
        status, headers, page = server.ask("POST", place, urllib.parse.urlencode({"form_token": self.token_of(page), "email": email, "password": PASSWORD}),
                                           {**self.headers, "Content-Type": "application/x-www-form-urlencoded"})
        assert status == 303, f"{email} cannot sign in: {status} {page[:300]}"
        self.headers["Cookie"] = headers["set-cookie"].split(";")[0]
        self.token = self.token_of(self.get("/account")[1])

    def on(self, server):
        self.server = server
        return self


class Servers:
    def __init__(self, program, folder, log):
        self.program, self.folder, self.log = program, folder, log
        self.db, self.post = Postgresql(str(ROOT / "tools/pg"), str(folder / "pg")), Post()
        self.env = {k: v for k, v in os.environ.items() if not k.startswith("MANDAT_")}
        self.env.update(MANDAT_SMTP_URL=f"smtp://127.0.0.1:{self.post.port}", MANDAT_MAIL_FROM="mandat@localhost")
        self.data = folder / "data"
        self.command("demo", "--only-fill", "--listen", "127.0.0.1:1", "--data", self.data, "--database", self.db.address)
        self.one, self.two = (Serving(program, self.data, self.db, self.env, log) for _ in "12")
        self.one.start()
        self.two.start()
        self.claire, self.sabine = Signed(self.one, f"{PORTAL}/sign-in", CLAIRE), Signed(self.two, "/sign-in", SABINE)
        self.type_id = self.value(f"SELECT id FROM ticket_type WHERE name = 'Panne' AND org_id = {FORG}")
        self.priority_id = self.value(f"SELECT id FROM ticket_priority WHERE tone = 'high' AND org_id = {FORG}")
        self.contact_id = self.value(f"SELECT id FROM contact WHERE email = '{CLAIRE}' AND org_id = {FORG}")
        self.count = 0

    def value(self, sql):
        return self.db.rows(sql)[0][0]

    def command(self, *words, status=0):
        done = subprocess.run([self.program, *map(str, words)], env=self.env, capture_output=True, text=True, check=False)
        assert done.returncode == status, f"mandat {words[0]}: {done.returncode} {done.stdout} {done.stderr[-2000:]}"
        return done.stdout + done.stderr

    def ticket(self, server, files=()):
        self.count += 1
        mark = f"S-{self.count:04d}"
        fields = {"title": mark, "type_id": self.type_id, "priority_id": self.priority_id, "description": f"La vitrine chauffe. {mark}"}
        return Form(self.claire.on(server), "ticket", f"{PORTAL}/tickets", fields, mark, files)

    def sent(self, form):
        assert form.send() == 303, f"{form.mark}: {form.answer} {getattr(form, 'page', '')[:500]}"
        return form

    def access(self, server, word):
        """What « Tickets » of Claire is turned to, by Sabine: "" gives it, "/end" ends it."""
        place = f"{OFFICE}/contacts/{self.contact_id}/access/tickets"
        self.sabine.on(server).token = Person.token_of(self.sabine.get(place)[1])
        return self.sent(Form(self.sabine, "access", place + word, {} if word else {"email": CLAIRE}))

    def until(self, what, fits):
        ends = time.monotonic() + LATE_S
        while not fits():
            assert time.monotonic() < ends, f"{what} {self.waiting()[:5]}"
            time.sleep(0.05)

    def waiting(self):
        """Messages and imports that are not done."""
        return self.db.rows("SELECT kind, state, tries, last_error FROM mail WHERE state = 'queued' UNION ALL "
                            "SELECT kind, state, tries, last_error FROM work WHERE state = 'queued' AND kind IN ('import_look', 'import_write')")

    def stop(self):
        for server in (self.one, self.two):
            if server.process and server.process.poll() is None:
                server.kill()
        self.db.stop()


# ---- What is promised ----

def signed_in_on_one_acts_on_the_other(s):
    assert s.claire.on(s.two).get(f"{PORTAL}/tickets")[0] == 200
    form = s.sent(s.ticket(s.two, [("releve.txt", b"06:50 -11,0")]))
    status, page = s.claire.on(s.one).get(form.location)
    assert status == 200 and form.mark.encode() in page
    found = re.search(rb'href="([^"]*/files/\d+)"', page)
    assert found and s.claire.get(found[1].decode()) == (200, b"06:50 -11,0"), "a file that was kept by the other server"
    again = Form(s.claire, "ticket", form.target, {}, form.mark)
    again.body = form.body                                        # the same form, to the byte, to the other server
    assert s.sent(again).location.split("?")[0] == form.location.split("?")[0]
    assert s.value(f"SELECT COUNT(*) FROM ticket WHERE title = '{form.mark}'") == "1"


def withdrawn_on_one_is_gone_on_the_next_request_of_the_other(s):
    for i in range(8):
        here, there = (s.one, s.two) if i % 2 else (s.two, s.one)
        late = s.ticket(there)                                     # a page that was open
        s.access(here, "/end")
        assert s.claire.on(there).get(f"{PORTAL}/tickets")[0] in (403, 404), f"round {i}: still there"
        assert late.send() in (403, 404), f"round {i}: {late.answer}"
        s.access(here, "")
        assert s.claire.on(there).get(f"{PORTAL}/tickets")[0] == 200, f"round {i}: not there again"
    other = Signed(s.one, f"{PORTAL}/sign-in", CLAIRE)
    session = s.value("SELECT MAX(id) FROM session")
    assert other.on(s.two).get(f"{PORTAL}/tickets")[0] == 200
    s.sent(Form(s.claire.on(s.one), "session", f"/account/sessions/{session}/end", {}))
    assert other.get(f"{PORTAL}/tickets")[0] == 303, "a session that was ended on the other server"


def jobs_and_mails_are_done_once(s):
    claires = [Signed(server, f"{PORTAL}/sign-in", CLAIRE) for server in (s.one, s.two)]
    forms = [s.ticket(server) for _ in range(15) for server in (s.one, s.two)]
    for i, form in enumerate(forms):
        form.person = claires[i % 2]
        form.body = form.body.replace(s.claire.token.encode(), form.person.token.encode())
    threads = [threading.Thread(target=lambda mine=forms[i::2]: [form.send() for form in mine]) for i in range(2)]
    imports = [Form(s.sabine.on(server), "import", f"{OFFICE}/clients/import", {}, f"I-{i}", [("clients.csv", ("Numéro client;Nom\n" + "".join(
        f"I-{i}-{n};Client I-{i} {n}\n" for n in range(4))).encode())]) for i, server in enumerate((s.one, s.two))]
    for thread in threads:
        thread.start()
    for form in imports:
        place = s.sent(form).location.split("?")[0]
        s.until("an import that is not looked at", lambda place=place: b'"state":"checked"' in s.sabine.get(place + ".json")[1].replace(b" ", b""))
        s.sent(Form(s.sabine, "go", f"{place}/go", {"mode": "all"}, form.mark))
    for thread in threads:
        thread.join()
    assert all(form.answer == 303 for form in forms), [form.answer for form in forms]
    s.until("mails and jobs that wait", lambda: not s.waiting())
    assert s.value("SELECT COUNT(*) FROM client WHERE number LIKE 'I-%'") == "8"
    once(s)


def once(s):
    twice = {i for i in s.post.taken if s.post.taken.count(i) > 1}
    assert not twice, f"{len(twice)} mails arrived twice"
    rows = {int(i) for (i,) in s.db.rows("SELECT id FROM mail WHERE state = 'sent' AND tries > 0")}
    assert set(s.post.taken) == rows and rows, f"{len(s.post.taken)} mails arrived, {len(rows)} are marked as sent"


def an_upload_goes_on_while_the_other_server_starts(s):
    form = s.ticket(s.two, [("journal.log", b"x" * 2000000)])
    head = f"POST {form.target} HTTP/1.1\r\nHost: {HOST}\r\nCookie: {s.claire.headers['Cookie']}\r\nSec-Fetch-Site: same-origin\r\nConnection: close\r\n"
    head += f"Content-Type: multipart/form-data; boundary=edge\r\nContent-Length: {len(form.body)}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", s.two.port), LATE_S) as wire:
        wire.sendall(head.encode() + form.body[:1000000])
        s.until("no upload under way", lambda: list((s.data / "spool").glob("*/*.part")))
        s.one.kill()
        s.one.start()
        assert list((s.data / "spool").glob("*/*.part")), "the start took what the other server was writing"
        wire.sendall(form.body[1000000:])
        answer = b""
        while piece := wire.recv(65536):
            answer += piece
    assert answer.startswith(b"HTTP/1.1 303"), answer[:300]
    assert s.value(f"SELECT a.size_bytes FROM attachment a JOIN ticket t ON t.org_id = a.org_id AND t.id = a.ticket_id WHERE t.title = '{form.mark}'") == "2000000"


def one_dies_and_the_other_goes_on(s):
    s.one.kill()
    for _ in range(5):
        s.sent(s.ticket(s.two))
    lost = s.ticket(s.one)
    assert lost.send() is None
    lost.person = s.claire.on(s.two)
    s.sent(lost)
    s.until("mails that wait", lambda: s.value("SELECT COUNT(*) FROM mail WHERE state = 'queued' AND tries = 0") == "0")
    s.one.start()
    assert s.claire.on(s.one).get(f"{PORTAL}/tickets")[0] == 200
    numbers = [int(n) for (n,) in s.db.rows(f"SELECT number FROM ticket WHERE org_id = {FORG} AND title LIKE 'S-%' ORDER BY number")]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers))), "ticket numbers have a gap"
    s.command("journal", "verify", "--data", s.data, "--database", s.db.address)


def postgresql_is_copied_by_its_own_tools_and_proved(s):
    """What docs/operations.md says to type, on the servers that go on serving."""
    to, brought = s.folder / "backup", s.folder / "brought"
    dump, other = to / "database.pgdump", copy.copy(s.db)
    other.address = s.db.address.replace("/postgres?", "/other?")
    assert "pg_dump --format=custom" in s.command("backup", to, "--data", s.data, "--database", s.db.address, status=1)
    subprocess.run([BIN / "pg_dump", "--format=custom", "--file", dump, s.db.address], check=True, capture_output=True)
    tickets = s.value("SELECT COUNT(*) FROM ticket")
    s.sent(s.ticket(s.one))                                        # written between the two: counted as lost
    s.command("backup", to, "--data", s.data, "--database", s.db.address)
    s.db.rows("CREATE DATABASE other")
    assert "pg_restore" in s.command("restore", to, "--data", brought, status=1)
    subprocess.run([BIN / "pg_restore", "--no-owner", "--dbname", other.address, dump], check=True, capture_output=True)
    brought.mkdir(exist_ok=True)
    shutil.copy(s.data / "server.key", brought / "server.key")
    report = s.command("restore", to, "--data", brought, "--database", other.address, "--json")
    assert '"lost":0' not in report.replace(" ", "") and '"is_restored":true' in report.replace(" ", ""), report
    s.command("journal", "verify", "--data", brought, "--database", other.address)
    server = Serving(s.program, brought, other, s.env, s.log)
    server.start()
    try:
        assert Signed(server, f"{PORTAL}/sign-in", CLAIRE).get(f"{PORTAL}/tickets")[0] == 200
        assert other.rows("SELECT COUNT(*) FROM ticket")[0][0] == tickets
    finally:
        assert server.stop() == 0
    with open(dump, "r+b") as file:                                # one byte that is not as it was
        file.seek(200)
        byte = file.read(1)[0]
        file.seek(200)
        file.write(bytes([byte ^ 1]))
    s.command("restore", to, "--data", s.folder / "again", "--database", other.address, status=1)


def they_end_in_order(s):
    assert s.one.stop() == 0 and s.two.stop() == 0
    assert not [p for p in (s.data / "spool").iterdir() if p.is_dir()], "something is left in the spool"


CASES = [signed_in_on_one_acts_on_the_other, withdrawn_on_one_is_gone_on_the_next_request_of_the_other, jobs_and_mails_are_done_once,
         an_upload_goes_on_while_the_other_server_starts, one_dies_and_the_other_goes_on, postgresql_is_copied_by_its_own_tools_and_proved, they_end_in_order]


def main():
    program = os.environ.get("MANDAT") or sys.argv[1]
    print(f"1..{len(CASES)}", flush=True)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="mandat-servers-", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None))
    folder.chmod(0o755)
    servers, failed = None, 0
    with open(folder / "log", "ab") as log:
        try:
            servers = Servers(program, folder, log)
            for number, case in enumerate(CASES, 1):
                began = time.monotonic()
                case(servers)
                print(f"ok {number} - X-8 {case.__name__} ({time.monotonic() - began:.1f} s)", flush=True)
        except (AssertionError, subprocess.SubprocessError, OSError, IndexError, TypeError) as error:
            failed = 1
            print(f"not ok - X-8 {error}", flush=True)
            print("".join(f"# {line}\n" for line in traceback.format_exc().splitlines()[-12:] + (folder / "log").read_text(errors="replace").splitlines()[-15:]))
        finally:
            if servers:
                servers.stop()
            shutil.rmtree(folder, ignore_errors=True)
    return failed


if __name__ == "__main__":
    sys.exit(main())
