-- The migrations that a database has had. The table itself is made by db_migrate.

-- migration_all: read @across
SELECT name, hash FROM migration

-- migration_add: write @across
INSERT INTO migration (name, hash, applied_at) VALUES (:name, :hash, :now)
