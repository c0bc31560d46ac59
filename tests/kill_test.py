#!/usr/bin/env python3
"""Nothing lost when the server dies: `kill -9` at random moments under mixed load, on both databases, and PostgreSQL itself torn down under load.

    kill_test.py PROGRAM [--rounds N] [--seed S] [--only sqlite|postgresql]

PROGRAM (or what MANDAT names) serves a demonstration that is filled once. People write tickets with files, comments, accesses, imports, and note what was answered 303;
after each death, and once all is over: everything acknowledged is there with its journal entry and its mails, once; what nobody was told of is whole
or not there; the same form sent again is done once; ticket numbers have no gap; the journal verifies; every mail reached the mail server. TAP on
standard output. Rounds: MANDAT_FAULT_ROUNDS, else 20 for each database. The seed is printed, and chooses moments and acts; threads do the rest."""
import argparse
import collections
import hashlib
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from lib.kill import LATE_S, OFFICE, PORTAL, Form, Person, Post, Postgresql, Server, Sqlite   # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent
FORG = "(SELECT id FROM organization WHERE slug = 'froid-atlantique')"
WRITERS = 3
NOTHING = "Rien n’a été enregistré"


class World:
    def __init__(self, program, database, folder, seed, log):
        self.program, self.db, self.folder, self.random = program, database, folder, random.Random(seed)
        self.post = Post()
        env = {**os.environ, "MANDAT_SMTP_URL": f"smtp://127.0.0.1:{self.post.port}", "MANDAT_MAIL_FROM": "mandat@localhost"}
        self.env = {k: v for k, v in env.items() if k not in ("MANDAT_DATABASE", "MANDAT_DATA", "MANDAT_ADDRESS")}
        fill = [program, "demo", "--only-fill", "--data", str(folder), "--listen", "127.0.0.1:1"]
        subprocess.run(fill + (["--database", database.address] if database.address else []), check=True, env=self.env, stdout=log, stderr=log)
        self.server = Server(program, folder, database, self.env, log)
        self.sent, self.lock, self.count, self.deaths, self.ending = [], threading.Lock(), 0, 0, threading.Event()
        value = lambda sql: self.db.rows(sql)[0][0]   # noqa: E731
        self.type_id = value(f"SELECT id FROM ticket_type WHERE name = 'Panne' AND org_id = {FORG}")
        self.priority_id = value(f"SELECT id FROM ticket_priority WHERE tone = 'high' AND org_id = {FORG}")
        self.contact_id, self.contact_email = self.db.rows("SELECT id, email FROM contact WHERE first_name = 'Bruno' AND last_name = 'Aubry'")[0]
        self.first_number = int(value(f"SELECT COALESCE(MAX(number), 0) FROM ticket WHERE org_id = {FORG}"))
        self.tickets = []
        self.mails_before, self.access_before = self.count_mails(), self.count_access()

    def count_mails(self):
        return int(self.db.rows(f"SELECT COUNT(*) FROM mail WHERE kind LIKE 'mail_access%' AND to_email = '{self.contact_email}'")[0][0])

    def count_access(self):
        return int(self.db.rows(f"SELECT COUNT(*) FROM journal WHERE org_id = {FORG} AND action LIKE 'contact_access%' AND object_id = {self.contact_id}")[0][0])

    def sign_in(self):
        self.claire, self.sabine = Person(self.server, "contact"), Person(self.server, "froid-admin")

    # ---- The load ----

    def mark(self, letter):
        with self.lock:
            self.count += 1
            return f"{letter}-{self.count:06d}"

    def note(self, form):
        with self.lock:
            self.sent.append(form)
        if form.send() == 503:
            time.sleep(0.05)
        return form

    def files(self, chance, mark):
        count = chance.choice((0, 1, 1, 2))
        return [(f"releve-{i}.txt", (f"{mark} {i} " * chance.randint(1, 3000)).encode()) for i in range(count)]

    def ticket(self, chance):
        mark = self.mark("K")
        form = self.note(Form(self.claire, "ticket", f"{PORTAL}/tickets", {"title": mark, "type_id": self.type_id, "priority_id": self.priority_id,
                              "description": f"La vitrine chauffe. {mark}"}, mark, self.files(chance, mark)))
        if form.answer == 303:
            self.tickets.append(form.location.split("?")[0])

    def comment(self, chance):
        mark, target = self.mark("B"), chance.choice(self.tickets)
        self.note(Form(self.claire, "comment", f"{target}/comments", {"body": f"Toujours pas. {mark}"}, mark, self.files(chance, mark)))

    def write(self, chance):
        while not self.ending.is_set():
            (self.comment if self.tickets and chance.random() < 0.5 else self.ticket)(chance)
            if chance.random() < 0.3:
                self.claire.get(f"{PORTAL}/tickets")

    def access(self, chance):
        place = f"{OFFICE}/contacts/{self.contact_id}/access/invoices"
        while not self.ending.is_set():
            status, page = self.sabine.get(place)
            is_given = b"/access/invoices/end" in page
            if status == 200:
                self.sabine.token = Person.token_of(page)        # giving twice is two sendings, each from a page of its own
                self.note(Form(self.sabine, "access", place + ("/end" if is_given else ""), {} if is_given else {"email": self.contact_email}))
            self.ending.wait(chance.random() * 0.05)

    def import_rows(self, chance):
        while not self.ending.is_set():
            mark = self.mark("I")
            text = "Numéro client;Nom\n" + "".join(f"{mark}-{i};Client {mark} {i}\n" for i in range(4))
            form = self.note(Form(self.sabine, "import", f"{OFFICE}/clients/import", {}, mark, [("clients.csv", text.encode())]))
            place = form.location.split("?")[0] if form.answer == 303 else ""
            while place and not self.ending.is_set():
                status, page = self.sabine.get(place + ".json")
                if status == 200 and b'"state":"checked"' in page.replace(b" ", b""):
                    self.note(Form(self.sabine, "go", f"{place}/go", {"mode": "all"}, mark))
                    break
                self.ending.wait(0.05)

    def guarded(self, work, chance):
        """A person whose server has died stops; anything else that goes wrong is the test's."""
        try:
            work(chance)
        except OSError:
            if not self.ending.is_set() and not self.is_down_expected:
                self.broken.append(f"{work.__name__} lost its connection while the server lived")
        except Exception as error:      # pylint: disable=broad-except
            self.broken.append(f"{work.__name__}: {error!r}")

    def load(self, moment_s, in_between=None):
        self.broken, self.is_down_expected = [], in_between is None
        self.ending.clear()
        works = [self.write] * WRITERS + [self.access, self.import_rows]
        threads = [threading.Thread(target=self.guarded, args=(work, random.Random(self.random.random()))) for work in works]
        for thread in threads:
            thread.start()
        time.sleep(moment_s)
        if in_between:
            in_between()
        self.is_down_expected = True
        self.ending.set()               # nobody begins anything new; what runs is what the death meets
        self.server.kill()
        self.deaths += 1
        for thread in threads:
            thread.join()
        assert not self.broken, self.broken[0]

    # ---- After a death ----

    def send_again(self):
        """What was not answered, or refused for the moment, to the byte. Returns how many there were."""
        open_ones = [form for form in self.sent if form.answer is None or form.answer == 503]
        for form in open_ones:
            until = time.monotonic() + LATE_S
            while form.send() in (None, 503) and time.monotonic() < until:
                time.sleep(0.1)
            allowed = (303, 409, 422) if form.kind in ("access", "go") else (303,)     # the state has gone on meanwhile
            assert form.answer in allowed, f"{form.kind} {form.mark} sent again: {form.answer} {form.page[:300]}"
        return len(open_ones)

    def look(self):
        """Everything acknowledged is there; everything there is whole. Raises on the first that is not."""
        rows = self.db.rows
        tickets = {title: (id_, int(number)) for id_, number, title in rows("SELECT id, number, title FROM ticket WHERE title LIKE 'K-%'")}
        assert len(tickets) == int(rows("SELECT COUNT(*) FROM ticket WHERE title LIKE 'K-%'")[0][0]), "a ticket stands there twice"
        comments = rows("SELECT m.id, m.ticket_id, m.kind, m.body, t.title FROM comment m JOIN ticket t ON t.org_id = m.org_id AND t.id = m.ticket_id WHERE t.title LIKE 'K-%'")
        said = collections.Counter(re.search(r"[KB]-\d{6}", body)[0] for _, _, kind, body, _ in comments if kind in ("opening", "answer"))
        journal = collections.Counter(rows(f"SELECT action, object_id FROM journal WHERE org_id = {FORG} AND object_kind = 'ticket'"))
        mails = collections.Counter(rows("SELECT kind, SUBSTR(subject, LENGTH(subject) - 7) FROM mail WHERE subject LIKE '%K-%'"))
        attached = collections.defaultdict(list)
        for mark, hash_ in rows("SELECT m.body, a.hash FROM attachment a JOIN comment m ON m.org_id = a.org_id AND m.id = a.comment_id WHERE m.body LIKE '%K-0%' OR m.body LIKE '%B-0%'"):
            attached[re.search(r"[KB]-\d{6}", mark)[0]].append(hash_)
        imported = collections.Counter(number.rsplit("-", 1)[0] for (number,) in rows("SELECT number FROM client WHERE number LIKE 'I-%'"))
        assert max(said.values(), default=1) == 1, f"said twice: {said.most_common(1)}"
        self.acknowledged(tickets, said, attached)
        self.whole(tickets, comments, journal, mails)
        self.numbers(tickets)
        assert all(count == 4 for count in imported.values()), f"half an import: {imported}"
        for hashes in attached.values():
            for hash_ in hashes:
                self.kept(hash_)
        for (hash_,) in rows("SELECT hash FROM import_run WHERE is_kept = 1 AND name = 'clients.csv'"):
            self.kept(hash_)
        access, letters = self.count_access() - self.access_before, self.count_mails() - self.mails_before
        assert access == letters, f"{access} accesses given and ended, {letters} mails about it"
        assert access >= sum(form.kind == "access" and form.answer == 303 for form in self.sent), "an access that was acknowledged has no entry"

    def acknowledged(self, tickets, said, attached):
        for form in self.sent:
            is_there = form.mark in tickets and said[form.mark] == 1 if form.kind == "ticket" else said[form.mark] == 1
            if form.kind not in ("ticket", "comment"):
                continue
            if form.answer == 303:
                assert is_there, f"{form.kind} {form.mark} was acknowledged and is not there"
            if is_there:
                assert sorted(attached[form.mark]) == sorted(form.hashes), f"{form.kind} {form.mark} has other files than were sent"
            if form.answer == 503 and NOTHING in form.page:
                assert not is_there, f"{form.kind} {form.mark}: « {NOTHING} », and it was"

    def whole(self, tickets, comments, journal, mails):
        opened = {title for _, _, kind, _, title in comments if kind == "opening"}
        answers = collections.Counter(title for _, _, kind, _, title in comments if kind == "answer")
        for title, (id_, _) in tickets.items():
            assert title in opened, f"{title} has no opening"
            assert journal[("ticket_create", id_)] == 1, f"{title}: {journal[('ticket_create', id_)]} entries in the journal"
            assert journal[("ticket_comment", id_)] == answers[title], f"{title}: {answers[title]} comments, {journal[('ticket_comment', id_)]} entries"
            self.per_ticket = getattr(self, "per_ticket", mails[("mail_ticket_new", title)])
            assert mails[("mail_ticket_new", title)] == self.per_ticket > 0, f"{title}: {mails[('mail_ticket_new', title)]} mails, not {self.per_ticket}"
            if answers[title]:
                self.per_comment = getattr(self, "per_comment", mails[("mail_ticket_comment", title)] / answers[title])
                assert mails[("mail_ticket_comment", title)] == self.per_comment * answers[title] > 0, f"{title}: mails of its comments"

    def numbers(self, tickets):
        found = sorted(int(n) for (n,) in self.db.rows(f"SELECT number FROM ticket WHERE org_id = {FORG} AND number > {self.first_number}"))
        assert found == list(range(self.first_number + 1, self.first_number + 1 + len(found))), "ticket numbers have a gap"
        assert not found or int(self.db.rows(f"SELECT last FROM ticket_counter WHERE org_id = {FORG}")[0][0]) == found[-1], "the counter of tickets"
        assert len(found) == len(tickets), "tickets of nobody's"

    def kept(self, hash_):
        path = self.folder / "files" / hash_[:2] / hash_
        assert path.exists(), f"{hash_} has a row and no bytes"
        assert hashlib.sha256(path.read_bytes()).hexdigest() == hash_, f"{hash_} holds other bytes"

    def verify(self):
        words = [self.program, "journal", "verify", "--data", str(self.folder)] + (["--database", self.db.address] if self.db.address else [])
        done = subprocess.run(words, env=self.env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"mandat journal verify: {done.stdout} {done.stderr}"
        assert self.db.is_sound(), "the database is not whole"

    def mails_due(self):
        """A message that was being sent waits ten minutes for its server to come back; here it does not."""
        self.db.rows("UPDATE mail SET next_at = 0 WHERE state = 'queued' RETURNING id")


def rounds(world, count):
    world.server.start()
    world.sign_in()
    for i in range(count):
        again = world.send_again()
        tears = world.db.name == "postgresql" and i % 5 == 4
        world.load(0.05 + world.random.random() * 0.3, (lambda: torn(world)) if tears else None)
        world.verify()
        world.look()
        world.mails_due()
        world.server.start()
        spools = [p for p in (world.folder / "spool").iterdir() if p.is_dir()]
        assert len(spools) == 1 and not list(spools[0].glob("*.part")), "uploads of a dead server are still there"
        print(f"# {world.db.name} {i + 1}: {len(world.sent)} forms so far, {again} had to be sent again{', PostgreSQL torn down' if tears else ''}", flush=True)


def torn(world):
    """PostgreSQL dies and comes back; the server answers 503 with Retry-After meanwhile, and goes on by itself."""
    world.is_down_expected = True
    world.db.crash()
    mark = world.mark("K")
    probe = Form(world.claire, "ticket", f"{PORTAL}/tickets", {"title": mark, "type_id": world.type_id, "priority_id": world.priority_id,
                 "description": f"Pendant la panne. {mark}"}, mark)
    assert world.note(probe).answer == 503 and probe.retry_after, f"while the database is away: {probe.answer}"
    world.db.start()
    until = time.monotonic() + LATE_S
    while probe.send() == 503 and time.monotonic() < until:
        time.sleep(0.05)
    assert probe.answer == 303, f"the database is back, and the answer is {probe.answer}"
    time.sleep(0.2)


def ended(world):
    """All is sent again and worked off: nothing waits, every mail has reached the mail server, few of them twice."""
    world.send_again()
    until = time.monotonic() + LATE_S
    while time.monotonic() < until:
        world.mails_due()
        left = int(world.db.rows("SELECT COUNT(*) FROM mail WHERE state = 'queued'")[0][0]) + int(world.db.rows("SELECT COUNT(*) FROM work WHERE state = 'queued' AND kind IN ('import_look', 'import_write')")[0][0])
        if not left:
            break
        time.sleep(0.2)
    assert not left, f"{left} mails and jobs are still waiting"
    assert world.server.stop() == 0
    world.verify()
    world.look()
    imported = {number.rsplit("-", 1)[0] for (number,) in world.db.rows("SELECT number FROM client WHERE number LIKE 'I-%'")}
    for form in world.sent:
        assert form.kind != "go" or form.answer != 303 or form.mark in imported, f"import {form.mark} was acknowledged and did not come about"
    arrived = collections.Counter(world.post.taken)
    sent = {int(i) for (i,) in world.db.rows("SELECT id FROM mail WHERE state = 'sent'")}
    lost = [i for (i,) in world.db.rows("SELECT id FROM mail WHERE state = 'sent' AND tries > 0") if int(i) not in arrived]
    twice = [i for i, times in arrived.items() if times > 1]
    assert not lost, f"{len(lost)} mails are marked as sent and never arrived"
    assert set(arrived) <= sent, "a mail arrived whose row is not there: its act never happened"
    assert len(twice) <= world.deaths, f"{len(twice)} mails arrived twice in {world.deaths} deaths"
    print(f"# {world.db.name}: {len(arrived)} mails arrived, {len(twice)} of them twice (same Message-ID), in {world.deaths} deaths")


def main():
    words = argparse.ArgumentParser()
    words.add_argument("program")
    words.add_argument("--rounds", type=int, default=int(os.environ.get("MANDAT_FAULT_ROUNDS") or 20))
    words.add_argument("--seed", type=int, default=int(os.environ.get("MANDAT_FAULT_SEED") or time.time_ns() % 1000000))
    words.add_argument("--only")
    words = words.parse_args()
    words.program = os.environ.get("MANDAT") or words.program
    failed = 0
    print(f"1..2\n# seed {words.seed}", flush=True)
    for number, name in enumerate(("sqlite", "postgresql"), 1):
        if words.only and words.only != name:
            continue
        folder = pathlib.Path(tempfile.mkdtemp(prefix="mandat-kill-", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None))   # a process that dies loses no page of a file
        folder.chmod(0o755)
        database, world = None, None
        log_path = folder / "log"
        try:
            with open(log_path, "ab") as log:
                database = Postgresql(str(ROOT / "tools/pg"), str(folder / "pg")) if name == "postgresql" else Sqlite(folder / "data")
                world = World(words.program, database, folder / "data", f"{words.seed}-{name}", log)
                rounds(world, words.rounds)
                ended(world)
            print(f"ok {number} - X-5 X-8 nothing is lost in {world.deaths} deaths on {name}", flush=True)
        except (AssertionError, subprocess.SubprocessError, OSError, IndexError, TypeError) as error:
            failed += 1
            print(f"not ok {number} - X-5 X-8 nothing is lost when the server dies, on {name} (seed {words.seed}): {error}", flush=True)
            print("".join(f"# {line}\n" for line in log_path.read_text(errors="replace").splitlines()[-15:]))
        finally:
            if world and world.server.process and world.server.process.poll() is None:
                world.server.kill()
            if name == "postgresql" and database:
                database.stop()
            shutil.rmtree(folder, ignore_errors=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
