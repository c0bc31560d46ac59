#!/usr/bin/env python3
"""`./dev bench`: the figures of docs/bench.md, each beside nginx or the bare database in the same run on the same core.

    bench/bench.py BUILD [--json FILE] [--quick] [--only WORD]    BUILD: the folder of a release build

The server has the first core, the load the last one; nginx and the server take turns in rounds, and the median of
the rounds' ratios counts, since machines are shared and their speed drifts. Ends only the processes it started.
"""
import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import servers  # noqa: E402
from servers import ROOT, Mandat, Nginx, Postgresql, fetch, on_core, page_request, sign_in, sign_in_request  # noqa: E402

# key, what it is, "at most" or "at least", target, goal (None: no further one), digits shown
FIGURES = [
    ("page_cpu_ratio", "processor time of the page ÷ that of its SQL alone", "most", 1.5, 1.25, 2),
    ("nginx_ratio_sqlite", "pages a second ÷ nginx with the same bytes as a file, SQLite", "least", 0.15, 0.25, 3),
    ("nginx_ratio_postgresql", "the same, PostgreSQL", "least", 0.06, 0.12, 3),
    ("growth_ratio", "the page at the largest filling ÷ at 10,000 tickets", "most", 1.3, None, 2),
    ("write_ratio", "tickets created a second ÷ commits of one row by the bare database", "least", 0.4, 3, 2),
    ("pss_mb", "own memory at 64 connections, MB", "most", 40, None, 1),
    ("start_ms", "start to the first answer on an existing database, ms", "most", 100, None, 0),
    ("first_view_kb", "first view of the page with style, script and icons, KB over the wire", "most", 60, None, 1),
    ("p99_ms", "99 of 100 pages at half load, with 50 sign-ins a second offered, ms", "most", 50, None, 1),
]

# One core, one worker, as nginx has one: more threads than cores get less of a core that others use too, and the ratio would measure them.
ONE_WORKER = {"MANDAT_WORKERS": "1"}
PG_SCALE = 50       # PostgreSQL checks each row's ties one by one: 200,000 tickets would take it minutes


class Bench:
    """One run: its folder, its figures with what was measured beside them, its notes."""

    def __init__(self, build, folder, is_quick):
        self.build, self.folder, self.is_quick = pathlib.Path(build), folder, is_quick
        self.mandat = self.build / "src/app/mandat"
        self.figures, self.beside = {}, {}
        self.fills = {}

    def set(self, key, value, beside):
        self.figures[key], self.beside[key] = value, beside

    def tool(self, name, *words, core=servers.SERVER_CORE):
        text = subprocess.run(on_core(core, [self.build / "bench" / name, *words]), check=True, capture_output=True, text=True).stdout
        return json.loads(text.strip().splitlines()[-1])

    def filled(self, scale, database=None):
        """A folder with the demonstration and 1,000 × scale tickets; made once a run."""
        if (scale, database) not in self.fills:
            folder = self.folder / f"data-{scale}{'-pg' if database else ''}"
            words = [self.mandat, "demo", "--only-fill", "--scale", scale, "--data", folder]
            start = time.monotonic()
            subprocess.run([str(word) for word in words + (["--database", database] if database else [])], check=True, stderr=subprocess.DEVNULL)
            say(f"{scale * 1000:,} tickets filled in {time.monotonic() - start:.0f} s{' (PostgreSQL)' if database else ''}")
            self.fills[scale, database] = folder
        return self.fills[scale, database]


def say(text):
    print(text, file=sys.stderr, flush=True)


def rounds(count, *sides):
    """Calls the sides in turn, count times; a list of results for each side."""
    results = [[] for _ in sides]
    for _ in range(count):
        for side, result in zip(sides, results):
            result.append(side())
    return results


def median_ratio(over, under):
    return statistics.median(a / b for a, b in zip(over, under))


# ---- What each figure is made of ----

def measure_page(b):
    data = b.filled(200)
    runs = [b.tool("bench_page", data, 10) for _ in range(3 if b.is_quick else 7)]
    middle = statistics.median(run["ratio"] for run in runs)
    best = min(runs, key=lambda run: abs(run["ratio"] - middle))
    b.set("page_cpu_ratio", middle, f"page {best['page_us']:.0f} µs, SQL {best['sql_us']:.0f} µs, {best['bytes'] / 1000:.1f} KB of HTML")


def measure_growth(b):
    large = 200 if b.is_quick else 1000
    one, two = b.filled(10), b.filled(large)
    small, big = rounds(3 if b.is_quick else 7, lambda: b.tool("bench_page", one, 10), lambda: b.tool("bench_page", two, 10))
    ratio = median_ratio([run["page_us"] for run in big], [run["page_us"] for run in small])
    middle = statistics.median(run["page_us"] for run in small)
    b.set("growth_ratio", ratio, f"{large * 1000:,} tickets against 10,000 ({middle:.0f} µs)")


def throughput(b, server, seconds):
    result = b.tool("bench_load", server.port, server.request, 64, seconds, core=servers.LOAD_CORE)
    if result["errors"] or result["s4xx"] or result["s5xx"] or not result["s2xx"]:
        raise SystemExit(f"bench: the load got other answers than pages: {result}")
    return result["rate"]


def measure_nginx(b, key, server):
    count, seconds = (3, 1.5) if b.is_quick else (7, 3)
    server.request = page_request(b.folder, server, sign_in(server))
    page = fetch(server.port, server.request)
    with Nginx(b.folder, page.body) as nginx:
        throughput(b, server, 2)          # connections, statements, caches
        throughput(b, nginx, 0.5)
        ours, theirs = rounds(count, lambda: throughput(b, server, seconds), lambda: throughput(b, nginx, seconds))
    b.set(key, median_ratio(ours, theirs), f"{statistics.median(ours):,.0f} pages/s, nginx {statistics.median(theirs):,.0f}/s, {len(page.body) / 1000:.1f} KB")
    return statistics.median(ours)


def measure_sqlite(b):
    """Throughput, memory under it, the first view, and waiting at half of it."""
    data = b.filled(200)
    with Mandat(b.mandat, b.folder, data, **ONE_WORKER) as server:
        rate = measure_nginx(b, "nginx_ratio_sqlite", server)
        b.set("pss_mb", server.pss_mb_under(lambda: throughput(b, server, 2)), "nothing subtracted: the database's cache is in it")
        b.set("first_view_kb", *servers.first_view(server))
    measure_waiting(b, data, rate)


def measure_waiting(b, data, rate):
    """The server has all cores here: fifty passwords a second take one of them whole."""
    seconds = 5 if b.is_quick else 15
    with Mandat(b.mandat, b.folder, data, core=None, MANDAT_BEHIND_PROXY="yes") as server:
        page = page_request(b.folder, server, sign_in(server))
        entering = sign_in_request(b.folder, server)
        load = [b.build / "bench/bench_load", server.port, entering, 200, seconds + 2, 50]
        signing = subprocess.Popen(on_core(servers.LOAD_CORE, load), stdout=subprocess.PIPE, text=True)
        time.sleep(1)
        pages = b.tool("bench_load", server.port, page, 64, seconds, rate / 2, core=servers.LOAD_CORE)
        signed = json.loads(signing.communicate()[0])
        if pages["s2xx"] == 0 or signed["s2xx"] + signed["s3xx"] + signed["s4xx"] == 0:
            raise SystemExit(f"bench: no pages or no sign-ins: {pages} {signed}")
    served = signed["s2xx"] + signed["s3xx"] + signed["s4xx"]
    b.set("p99_ms", pages["p99_ms"], f"at {pages['rate']:,.0f} pages/s: median {pages['p50_ms']:.1f} ms, worst {pages['max_ms']:.0f} ms; {served / (seconds + 2):.0f} sign-ins/s answered")


def measure_postgresql(b):
    """50,000 tickets and 5,000 clients: growth_ratio says what their number matters."""
    with Postgresql(b.folder) as database:
        data = b.filled(PG_SCALE, database.address)
        database.run("VACUUM ANALYZE")
        with Mandat(b.mandat, b.folder, data, database=database.address, **ONE_WORKER) as server:
            measure_nginx(b, "nginx_ratio_postgresql", server)


def measure_start(b):
    data = b.filled(200)
    times = []
    for _ in range(5 if b.is_quick else 11):
        with Mandat(b.mandat, b.folder, data) as server:
            times.append(server.start_ms)
    b.set("start_ms", statistics.median(times), f"of {len(times)} starts, without the time others had the core; the quickest {min(times):.0f} ms")


def measure_write(b):
    """As the disk is, and again where a sync takes 2 ms more, as on disks that keep their word slowly."""
    data = b.folder / "data-write"
    subprocess.run([str(b.mandat), "demo", "--only-fill", "--data", str(data)], check=True, stderr=subprocess.DEVNULL)
    seconds = 2 if b.is_quick else 5
    runs, slow = rounds(2 if b.is_quick else 5, lambda: b.tool("bench_write", data, seconds, core=None), lambda: b.tool("bench_write", data, seconds, 2000, core=None))
    middle = statistics.median(run["ratio"] for run in runs)
    best = min(runs, key=lambda run: abs(run["ratio"] - middle))
    b.set("write_ratio", middle, f"{best['tickets']:,.0f} tickets/s, bare {best['commits']:,.0f} commits/s, {best['threads']} threads, {best['sync_us']:.0f} µs a sync; "
          f"with syncs 2 ms dearer {statistics.median(run['ratio'] for run in slow):.2f}")


MEASURES = {"page": measure_page, "start": measure_start, "sqlite": measure_sqlite, "write": measure_write,
            "postgresql": measure_postgresql, "growth": measure_growth}


# ---- The table ----

def verdict(value, bound, target, goal):
    is_met = value <= target if bound == "most" else value >= target
    is_goal = goal is not None and (value <= goal if bound == "most" else value >= goal)
    return "goal met" if is_goal else "met" if is_met else "NOT MET"


def table(b):
    print(f"{'figure':<24}{'measured':>10}  {'target':<22}{'':<10}beside")
    for key, what, bound, target, goal, digits in FIGURES:
        if key not in b.figures:
            continue
        wanted = f"{'≤' if bound == 'most' else '≥'} {target:g}" + (f" (goal {goal:g})" if goal is not None else "")
        print(f"{key:<24}{b.figures[key]:>10.{digits}f}  {wanted:<22}{verdict(b.figures[key], bound, target, goal):<10}{b.beside[key]}")
        print(f"{'':<24}{what}")


def main():
    parser = argparse.ArgumentParser(description="Measures what docs/bench.md lists.")
    parser.add_argument("build")
    parser.add_argument("--json", metavar="FILE")
    parser.add_argument("--quick", action="store_true", help="two minutes: shorter rounds, growth up to 200,000 tickets")
    parser.add_argument("--only", metavar="WORD", choices=sorted(MEASURES))
    options = parser.parse_args()
    if not shutil.which("nginx") or not shutil.which("taskset"):
        raise SystemExit("bench: nginx and taskset are needed (packages.txt, to bench)")
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mandat-bench.") as folder:
        os.chmod(folder, 0o711)      # PostgreSQL runs as somebody else where we are root
        b = Bench(options.build, pathlib.Path(folder), options.quick)
        for word, measure in MEASURES.items():
            if options.only in (None, word):
                say(f"measuring: {word}")
                measure(b)
    table(b)
    say(f"{time.monotonic() - start:.0f} s")
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps({key: round(value, 4) for key, value in b.figures.items()}, indent=2) + "\n")


if __name__ == "__main__":
    main()
