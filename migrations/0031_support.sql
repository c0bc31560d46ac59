-- Who runs the server is found by itself.
CREATE INDEX organization_operator ON organization (id) WHERE is_operator = 1;
