"""The parts of tests/kill_test.py that are no test: the server as a process, both databases looked at from outside, a mail server, people who send forms."""
import hashlib
import http.client
import os
import re
import signal
import socket
import sqlite3
import subprocess
import threading
import time
import urllib.parse

HOST_ORG, PORTAL, OFFICE = "froid-atlantique", "/p/froid-atlantique", "/o/froid-atlantique"
LATE_S = 60                       # a loaded machine is slow, not broken


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


# ---- The databases, from outside ----

class Sqlite:
    name = "sqlite"

    def __init__(self, folder):
        self.path, self.address = folder / "mandat.db", None

    def rows(self, sql):
        db = sqlite3.connect(self.path, timeout=30)
        try:
            found = db.execute(sql).fetchall()
            db.commit()
            return [tuple("" if v is None else str(v) for v in row) for row in found]
        finally:
            db.close()

    def is_sound(self):
        return self.rows("PRAGMA integrity_check") == [("ok",)] and not self.rows("PRAGMA foreign_key_check")


class Postgresql:
    name = "postgresql"
    psql = os.path.join(os.environ.get("MANDAT_PG_BIN", "/usr/lib/postgresql/15/bin"), "psql")     # the one in PATH is a script that looks for it

    def __init__(self, tool, folder):
        self.tool, self.folder = tool, folder
        self.address = self.start()

    def start(self):
        return subprocess.run([self.tool, "start", self.folder], check=True, capture_output=True, text=True).stdout.strip()

    def crash(self):
        subprocess.run([self.tool, "crash", self.folder], check=True, capture_output=True)

    def stop(self):
        subprocess.run([self.tool, "stop", self.folder], check=False, capture_output=True)

    def rows(self, sql):
        out = subprocess.run([self.psql, "-X", "-A", "-t", "-F", "\x1f", "-R", "\x1e", "-v", "ON_ERROR_STOP=1", "-c", sql, self.address], check=True, capture_output=True, text=True).stdout
        return [tuple(row.split("\x1f")) for row in out.strip("\n").split("\x1e") if row and not row.startswith("UPDATE ")]

    def is_sound(self):
        return True


# ---- A mail server: keeps the Message-ID of everything it said yes to ----

class Post:
    def __init__(self):
        self.taken, self.port = [], free_port()
        self.listening = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.listening.accept()
            except OSError:
                return
            threading.Thread(target=self.talk, args=(connection,), daemon=True).start()

    def talk(self, connection):
        try:
            with connection, connection.makefile("rb") as lines:
                connection.sendall(b"220 post\r\n")
                for line in lines:
                    if line.upper().startswith(b"DATA"):
                        connection.sendall(b"354 go on\r\n")
                        letter = b""
                        while not letter.endswith(b"\r\n.\r\n"):
                            more = lines.readline()
                            if not more:
                                return                  # cut off within it: not taken
                            letter += more
                        self.taken.append(int(re.search(rb"(?i)Message-ID:\s*<[^>\d]*(\d+)", letter)[1]))
                    connection.sendall(b"221 bye\r\n" if line.upper().startswith(b"QUIT") else b"250 post\r\n")
        except OSError:
            pass                    # the other side died


# ---- The server ----

class Server:
    def __init__(self, program, folder, database, env, log):
        self.port = free_port()
        self.words = [program, "demo", "--keep", "--data", str(folder), "--listen", f"127.0.0.1:{self.port}"]
        self.words += ["--database", database.address] if database.address else []
        self.env, self.log, self.process = env, log, None

    def start(self):
        self.process = subprocess.Popen(self.words, env=self.env, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        until = time.monotonic() + LATE_S
        while time.monotonic() < until and self.process.poll() is None:
            try:
                if self.ask("GET", "/health")[0] == 200:
                    return
            except OSError:
                pass
            time.sleep(0.02)
        raise AssertionError(f"the server does not serve (status {self.process.poll()})")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        self.process.terminate()
        return self.process.wait(timeout=LATE_S)

    def ask(self, method, target, body=None, headers=()):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LATE_S)
        try:
            connection.request(method, target, body, {"Host": f"localhost:{self.port}", **dict(headers)})
            answer = connection.getresponse()
            return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
        except http.client.HTTPException as error:
            raise ConnectionError(str(error)) from error
        finally:
            connection.close()


class Person:
    """Signed in by a button of /demo; one token of one page serves every form, as in a page that stays open."""
    def __init__(self, server, persona):
        self.server, self.headers, self.token = server, {"Sec-Fetch-Site": "same-origin"}, ""
        page = server.ask("GET", "/demo", None, self.headers)
        self.headers["Cookie"] = page[1].get("set-cookie", "").split(";")[0]
        self.token = self.token_of(page[2])
        status, headers, _ = server.ask("POST", "/demo/sign-in", urllib.parse.urlencode({"form_token": self.token, "persona": persona}),
                                        {**self.headers, "Content-Type": "application/x-www-form-urlencoded"})
        assert status == 303, f"{persona} cannot sign in: {status}"
        self.headers["Cookie"] = headers["set-cookie"].split(";")[0]
        self.token = self.token_of(self.get("/account")[1])

    @staticmethod
    def token_of(page):
        found = re.search(rb'name="form_token" value="([^"]+)"', page)
        return found[1].decode() if found else ""

    def get(self, target):
        status, _, body = self.server.ask("GET", target, None, self.headers)
        return status, body


class Form:
    """What is sent, to the byte: sent again, it is the same sending."""
    def __init__(self, person, kind, target, fields, mark="", files=()):
        self.person, self.kind, self.target, self.mark, self.answer, self.location = person, kind, target, mark, None, ""
        self.hashes = [hashlib.sha256(data).hexdigest() for _, data in files]
        parts = [("form_token", None, person.token.encode())] + [(n, None, v.encode()) for n, v in fields.items()] + [("files", n, d) for n, d in files]
        self.body = b"".join(b'--edge\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n'
                             % (n.encode(), b'; filename="%s"' % f.encode() if f else b"", v) for n, f, v in parts) + b"--edge--\r\n"

    def send(self):
        """The status; None where the server died before it answered."""
        try:
            status, headers, body = self.person.server.ask("POST", self.target, self.body, {**self.person.headers, "Content-Type": "multipart/form-data; boundary=edge"})
        except OSError:
            self.answer = None
            return None
        self.answer, self.location, self.retry_after, self.page = status, headers.get("location", ""), headers.get("retry-after"), body.decode(errors="replace")
        return status
