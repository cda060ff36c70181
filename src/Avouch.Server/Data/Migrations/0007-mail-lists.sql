-- Administrators read mail by what has become of it, the newest first, a page at a time.
CREATE INDEX mail_outbox_list_pending ON mail_outbox (id) WHERE sent_at IS NULL AND dead_at IS NULL;
CREATE INDEX mail_outbox_list_dead ON mail_outbox (id) WHERE dead_at IS NOT NULL;
CREATE INDEX mail_outbox_list_sent ON mail_outbox (id) WHERE sent_at IS NOT NULL;
