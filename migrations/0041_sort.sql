-- Lists in further orders (X-4): by when their rows were made, which is the order of their ids, by their last change, by what is due.
CREATE INDEX contact_client_changed ON contact (org_id, client_id, changed_at, id);
CREATE INDEX contact_client_made ON contact (org_id, client_id, id);
CREATE INDEX ticket_client_made ON ticket (org_id, client_id, id);
-- What has no due time comes behind what has one: 8640000000000000 is the last moment that a clock of JavaScript knows.
CREATE INDEX ticket_due_order ON ticket (org_id, COALESCE(due_at, 8640000000000000), id);
