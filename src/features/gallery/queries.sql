-- Photos of jobs: the pictures made of them, and the gallery.

-- picture_type: read
SELECT id, type FROM job_file WHERE org_id = :org AND id = :of_file AND picture_state = 'none'

-- picture_wait: write
UPDATE job_file SET picture_state = 'queued' WHERE org_id = :org AND id = :of_file AND picture_state = 'none'

-- picture_source: read
SELECT hash FROM job_file WHERE org_id = :org AND id = :of_file AND picture_state = 'queued'

-- picture_ready: write
UPDATE job_file SET picture_state = 'ready', shown_hash = :shown_hash, small_hash = :small_hash WHERE org_id = :org AND id = :of_file AND picture_state = 'queued'

-- picture_refuse: write
UPDATE job_file SET picture_state = 'refused' WHERE org_id = :org AND id = :of_file AND picture_state = 'queued'

-- gallery_job: read
SELECT j.id, j.number, j.title, j.client_id, c.name AS client_name FROM job j JOIN client c ON c.org_id = j.org_id AND c.id = j.client_id
WHERE j.org_id = :org AND j.id = :of_job

-- gallery_client_job: read
-- The client's own, narrowed to what a link was made for.
SELECT j.id, j.number, j.title FROM job j WHERE j.org_id = :org AND j.client_id = :client AND j.id = :of_job
  [[in_site: AND j.site_id = :in_site]] [[in_job: AND j.id = :in_job]]

-- gallery_photos: read
-- In the order they came in. :shared, for a client: what is private to the team, or cannot be shown, is not there.
-- @bounded: a job keeps at most a hundred files
SELECT f.id, f.name, f.type, f.size_bytes, f.is_private, f.picture_state, f.added_name, f.created_at FROM job_file f
WHERE f.org_id = :org AND f.job_id = :of_job AND f.kind = 'photo' [[shared: AND f.is_private = :shared AND f.picture_state IN ('ready', 'queued')]]
ORDER BY f.id LIMIT 200

-- gallery_photo: read
SELECT f.id, f.hash, f.type, f.name, COALESCE(f.shown_hash, '') AS shown_hash, COALESCE(f.small_hash, '') AS small_hash FROM job_file f
WHERE f.org_id = :org AND f.job_id = :of_job AND f.id = :of_photo AND f.kind = 'photo' [[shared: AND f.is_private = :shared AND f.picture_state = 'ready']]
