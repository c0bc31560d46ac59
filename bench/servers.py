"""The servers that the bench starts (ours, nginx, PostgreSQL) and what it says to them over HTTP."""
import gzip
import os
import pathlib
import re
import signal
import socket
import subprocess
import time
import types
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parent.parent
CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE, LOAD_CORE = CORES[0], CORES[-1]
TICKETS = "/p/froid-atlantique/tickets"


def on_core(core, words):
    return ([] if core is None else ["taskset", "-c", str(core)]) + [str(word) for word in words]


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Process:
    """A server on the server's core (None: on all); ended by its own id when the block ends."""

    core = SERVER_CORE

    def begin(self, words, log, env=None):
        self.port = None
        with open(log, "ab") as out:
            self.process = subprocess.Popen(on_core(self.core, words), stdout=out, stderr=out, env={**os.environ, **(env or {})})

    def wait_until(self, port, request):
        while True:
            try:
                answer = send(port, request)
                if answer.status == 200:
                    return
            except OSError:
                pass
            if self.process.poll() is not None:
                raise SystemExit(f"bench: a server ended by itself ({self.process.args})")
            time.sleep(0.0005)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(20)


class Mandat(Process):
    def __init__(self, program, folder, data, database=None, core=SERVER_CORE, **env):
        self.core = core
        port = free_port()
        words = [program, "demo", "--keep", "--listen", f"127.0.0.1:{port}", "--data", data] + (["--database", database] if database else [])
        start = time.monotonic()
        self.begin(words, folder / "mandat.log", {**env, "MANDAT_ADDRESS": f"http://localhost:{port}"})
        self.wait_until(port, head("GET", "/health", port))
        waited_ns = int(pathlib.Path(f"/proc/{self.process.pid}/schedstat").read_text().split()[1])
        self.start_ms = (time.monotonic() - start) * 1000 - waited_ns / 1e6      # while others had the core
        self.port = port

    def pss_mb(self):
        text = pathlib.Path(f"/proc/{self.process.pid}/smaps_rollup").read_text()
        return int(re.search(r"^Pss:\s+(\d+) kB", text, re.M)[1]) / 1024

    def pss_mb_under(self, load):
        """The most seen while the load runs."""
        import threading
        worker = threading.Thread(target=load)
        worker.start()
        most = 0
        while worker.is_alive():
            most = max(most, self.pss_mb())
            time.sleep(0.2)
        return most


class Nginx(Process):
    """One worker with one file; no log, the file kept open: as quick as it can be."""

    def __init__(self, folder, body):
        home = folder / "nginx"
        home.mkdir(exist_ok=True)
        (home / "page.html").write_bytes(body)
        port = free_port()
        (home / "nginx.conf").write_text(f"""
{'user root root;' if os.getuid() == 0 else ''}
worker_processes 1; daemon off; pid {home}/pid; error_log {home}/error.log;
events {{ worker_connections 1024; }}
http {{
    access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000; open_file_cache max=10; types {{ text/html html; }}
    client_body_temp_path {home}/1; proxy_temp_path {home}/2; fastcgi_temp_path {home}/3; uwsgi_temp_path {home}/4; scgi_temp_path {home}/5;
    server {{ listen 127.0.0.1:{port}; root {home}; }}
}}
""")
        self.begin(["nginx", "-p", home, "-c", home / "nginx.conf"], home / "log")
        self.request = home / "request"
        self.request.write_bytes(head("GET", "/page.html", port))
        self.wait_until(port, self.request.read_bytes())
        self.port = port


class Postgresql:
    """A private one (tools/pg) on the server's core, with fsync as installed: it is read here, not written."""

    def __init__(self, folder):
        self.folder = folder / "pg"
        self.address = subprocess.run(on_core(SERVER_CORE, [ROOT / "tools/pg", "start", self.folder]), check=True, capture_output=True, text=True).stdout.strip()

    def run(self, sql):
        subprocess.run(["psql", "-q", "-c", sql, self.address], check=True, stdout=subprocess.DEVNULL)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        subprocess.run([ROOT / "tools/pg", "stop", self.folder], check=False)


# ---- HTTP, by hand: the bytes are what is measured ----

def head(method, target, port, more="", body=b""):
    length = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n" if method == "POST" else ""
    return f"{method} {target} HTTP/1.1\r\nHost: localhost:{port}\r\n{length}{more}\r\n".encode() + body


def send(port, request):
    """Status, headers, body and all bytes of one answer."""
    with socket.create_connection(("127.0.0.1", port), 10) as s:
        s.sendall(request)
        data = b""
        while b"\r\n\r\n" not in data:
            piece = s.recv(65536)
            if not piece:
                raise OSError("no answer")
            data += piece
        top, body = data.split(b"\r\n\r\n", 1)
        headers = {name.lower(): value for name, value in re.findall(r"^([^:\r\n]+): *([^\r\n]*)", top.decode("latin-1"), re.M)}
        while len(body) < int(headers.get("content-length", 0)):
            piece = s.recv(1 << 20)
            if not piece:
                raise OSError("half an answer")
            body += piece
    return types.SimpleNamespace(status=int(top.split()[1]), headers=headers, body=body, size=len(top) + 4 + len(body))


def fetch(port, request_file):
    answer = send(port, request_file.read_bytes())
    if answer.status != 200:
        raise SystemExit(f"bench: {request_file.name} gave {answer.status}")
    return answer


def form_token(page):
    return re.search(rb'name="form_token" value="([^"]+)"', page)[1].decode()


def form_head(server, target, fields, more=""):
    body = urllib.parse.urlencode(fields, safe="@").encode()
    return head("POST", target, server.port, f"Sec-Fetch-Site: same-origin\r\n{more}", body)


def sign_in(server):
    """The contact whose list is measured; returns the cookie."""
    page = send(server.port, head("GET", "/demo", server.port))
    answer = send(server.port, form_head(server, "/demo/sign-in", {"persona": "contact", "form_token": form_token(page.body)}))
    return answer.headers["set-cookie"].split(";")[0]


def page_request(folder, server, cookie):
    path = folder / f"page-{server.port}.request"
    path.write_bytes(head("GET", TICKETS, server.port, f"Cookie: {cookie}\r\nAccept-Language: fr\r\n"))
    return path


def sign_in_request(folder, server):
    """Somebody else from elsewhere each time: '@' becomes a digit."""
    page = send(server.port, head("GET", "/p/froid-atlantique/sign-in", server.port))
    fields = {"email": "who.@@@@@@@@_atnowhere.example", "password": "not-the-right-one-at-all", "form_token": form_token(page.body)}
    path = folder / "sign-in.request"
    request = form_head(server, "/p/froid-atlantique/sign-in", fields, "X-Forwarded-For: 2001:db8::@@@@:@@@@\r\n")
    path.write_bytes(request.replace(b"_at", b"%40"))      # an address without its sign is refused before anything is hashed
    return path


def first_view(server):
    """KB over the wire of the page and what it asks for, compressed as deploy/nginx does (gzip 5) or as the server has it."""
    page = fetch(server.port, server.request)
    text = page.body.decode()
    sizes = {"page": page.size - len(page.body) + len(gzip.compress(page.body, 5, mtime=0))}
    for name in re.findall(r'<(?:link|script|img)[^>]*(?:href|src)="(/[^"#]+)', text) + re.findall(r'<use href="(/[^"#]+)', text)[:1]:
        answer = send(server.port, head("GET", name, server.port, "Accept-Encoding: gzip, deflate, br, zstd\r\n"))
        if answer.status != 200:
            raise SystemExit(f"bench: {name} gave {answer.status}")
        size = answer.size
        if "content-encoding" not in answer.headers and len(answer.body) >= 1024:
            size += len(gzip.compress(answer.body, 5, mtime=0)) - len(answer.body)
        sizes[name] = size
    kinds = {".css": 0, ".js": 0, ".svg": 0}
    for name, size in sizes.items():
        kind = next((kind for kind in kinds if kind in name), None)
        kinds[kind or name] = kinds.get(kind or name, 0) + size
    beside = ", ".join(f"{name.rsplit('/', 1)[-1].strip('.')} {size / 1000:.1f}" for name, size in kinds.items() if size)
    return sum(sizes.values()) / 1000, beside
