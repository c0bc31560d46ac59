#!/usr/bin/env python3
"""How fast `mandat import` is beside `sqlite3 .import` of the same rows into the same tables with the same indexes.

    import_speed.py PROGRAM [--clients N] [--contacts N] [--runs N]

Both write into a fresh copy of one migrated database. What sqlite3 brings in is what the program has written, exported first: the rows
of client or contact, into the same table with the same indexes. The program checks every cell, makes keys and search words and an entry of the
journal besides; sqlite3 does none of it. The rate is rows of the file a second; the ratio that of the program to sqlite3's. Also printed is what
sqlite3 takes for the same rows with their search words (word, word_of). Ends with 1 where the ratio is below 0.25."""
import argparse
import csv
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

FIRST = ["Anne", "Bruno", "Chloé", "David", "Élodie", "Farid", "Gaëlle", "Hugo", "Inès", "Jérôme"]
LAST = ["Lemoine", "Le Goff", "Béranger", "Da Silva", "Kervella", "Nguyen", "Morvan", "Prévost", "Tanguy", "Lhôte"]
CITIES = [("29200", "Brest"), ("22200", "Guingamp"), ("35400", "Saint-Malo"), ("56000", "Vannes"), ("44500", "La Baule-Escoublac")]


def siren(number):
    digits = f"{40000000 + number:08d}"
    total = sum(sum(divmod(int(d) * (1 + i % 2), 10)) for i, d in enumerate(digits))
    return digits + str(-total % 10)


def files_make(folder, clients, contacts):
    with open(folder / "clients.csv", "w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out, delimiter=";")
        rows.writerow(["N° client", "Nom", "Type", "SIREN", "Adresse", "Code postal", "Ville", "E-mail", "Téléphone"])
        for i in range(clients):
            postcode, city = CITIES[i % 5]
            rows.writerow([f"C-{i + 10001:05d}", f"{LAST[i % 10]} {FIRST[i // 10 % 10]} Froid {i}", "entreprise", siren(i), f"{i % 90 + 1} rue des Mouettes",
                           postcode, city, f"contact@client-{i}.example", "02 98 00 00 00"])
    with open(folder / "contacts.csv", "w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out, delimiter=";")
        rows.writerow(["Prénom", "Nom", "Fonction", "E-mail", "Téléphone", "Langue", "N° client"])
        for i in range(contacts):
            first, last = FIRST[i % 10], LAST[i // 10 % 10]
            rows.writerow([first, f"{last} {i}", "Gérant", f"contact.{i}@client-{i * clients // contacts}.example", "06 00 00 00 00", "fr",
                           f"C-{i * clients // contacts + 10001:05d}"])


def sqlite(path, *lines):
    return subprocess.run(["sqlite3", str(path)], input="\n".join(lines) + "\n", text=True, check=True, capture_output=True).stdout


def person_loosen(path):
    """sqlite3 brings in an empty text where there is none; the column that may be NULL takes it here."""
    db = sqlite3.connect(path)
    db.execute("PRAGMA writable_schema = ON")
    db.execute("UPDATE sqlite_schema SET sql = REPLACE(sql, 'person_id       INTEGER REFERENCES person (id)', 'person_id TEXT') WHERE name = 'contact'")
    db.commit()
    db.close()


def timed(run):
    start = time.monotonic()
    run()
    return time.monotonic() - start


def measure(program, folder, base, kind, table, runs):
    """Seconds of the program, of sqlite3 for the table alone, and of sqlite3 for the table and its words."""
    ours, theirs, words = [], [], []
    for _ in range(runs):
        data = folder / "ours"
        shutil.rmtree(data, ignore_errors=True)
        shutil.copytree(base, data)
        report = {}

        def go():
            out = subprocess.run([program, "import", kind, folder / f"{kind}.csv", "--org", "essai", "--data", data, "--json"],
                                 check=True, capture_output=True, text=True).stdout
            report.update(json.loads(out))
        ours.append(timed(go))
        if report["refused"]:
            sys.exit(f"rows were refused: {report['errors'][:3]}")
        old = sqlite(base / "mandat.db", f"SELECT COALESCE(MAX(id), 0) FROM {table};").strip()
        sqlite(data / "mandat.db", ".mode csv", f".output {folder}/table.csv", f"SELECT * FROM {table} WHERE id > {old} ORDER BY id;",
               f".output {folder}/word.csv", f"SELECT * FROM word WHERE kind = '{table}' AND id > {old} ORDER BY id, word;",
               f".output {folder}/word_of.csv", f"SELECT * FROM word_of WHERE kind = '{table}' AND id > {old} ORDER BY id;")
        for times, names in ((theirs, [table]), (words, [table, "word", "word_of"])):
            plain = folder / "plain.db"
            shutil.copy(base / "mandat.db", plain)
            person_loosen(plain)
            lines = [f'.import "{folder}/{"table" if name == table else name}.csv" {name}' for name in names]
            times.append(timed(lambda: sqlite(plain, ".mode csv", *lines)))
    return min(ours), min(theirs), min(words)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("program")
    options.add_argument("--clients", type=int, default=20000)
    options.add_argument("--contacts", type=int, default=40000)
    options.add_argument("--runs", type=int, default=3)
    o = options.parse_args()
    program = os.path.abspath(o.program)
    worst = 1e9
    with tempfile.TemporaryDirectory(prefix="mandat-import-") as name:
        folder = pathlib.Path(name)
        files_make(folder, o.clients, o.contacts)
        base = folder / "base"
        subprocess.run([program, "migrate", "--data", base], check=True, capture_output=True)
        sqlite(base / "mandat.db", "INSERT INTO organization (id, slug, name, created_at) VALUES (1, 'essai', 'Essai', 0);", "PRAGMA wal_checkpoint(TRUNCATE);")
        for kind, table, count in (("clients", "client", o.clients), ("contacts", "contact", o.contacts)):
            ours, theirs, words = measure(program, folder, base, kind, table, o.runs)
            print(f"{kind}: {count} rows; mandat import {count / ours:,.0f} rows/s ({ours:.2f} s); sqlite3 .import {count / theirs:,.0f} rows/s ({theirs:.2f} s), "
                  f"with the search words {count / words:,.0f} rows/s ({words:.2f} s); ratio {theirs / ours:.2f}, to the same with search words {words / ours:.2f}")
            worst = min(worst, theirs / ours)
            shutil.rmtree(base)
            shutil.copytree(folder / "ours", base)
            sqlite(base / "mandat.db", "PRAGMA wal_checkpoint(TRUNCATE);")
    print(f"import_ratio {worst:.2f} (target 0.25)")
    return worst < 0.25


if __name__ == "__main__":
    sys.exit(main())
