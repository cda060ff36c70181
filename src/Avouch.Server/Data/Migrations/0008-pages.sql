-- When the person showed their password again in a session of our pages. Empty: not since it began.
ALTER TABLE sessions ADD COLUMN confirmed_at {time};

-- Figures of the journal: a kind in an hour is counted here without touching a row.
CREATE INDEX journal_by_kind_and_time ON journal (kind, at);

-- Copied refresh tokens are few among millions of rows.
CREATE INDEX journal_replays ON journal (at, seq) WHERE detail = 'refresh_token_replayed';
