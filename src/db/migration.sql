-- The migrations that a database has had. The table itself is made by db_migrate.

-- migration_all: read @across
SELECT name, hash FROM migration

-- migration_add: write @across
INSERT INTO migration (name, hash, applied_at) VALUES (:name, :hash, :now)

-- migration_stray: read
-- Rows that refer to a row that is not there: SQLite holds no references while it migrates.
SELECT {{sqlite: COUNT(*) AS strays FROM pragma_foreign_key_check}}{{postgresql: 0 AS strays}}
