-- When the person showed their password again in a session of our pages. Empty: not since it began.
ALTER TABLE sessions ADD COLUMN confirmed_at {time};
