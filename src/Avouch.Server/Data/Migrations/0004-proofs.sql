-- Single-use secrets that were mailed to somebody. Only their SHA-256 is here: 256 random bits need no salt. There is no reference to users: a request
-- for an address that nobody has writes the same row as any other, and takes it away again.
CREATE TABLE account_proofs (
    hash       {bytes} NOT NULL PRIMARY KEY,
    user_id    {id} NOT NULL,
    purpose    TEXT NOT NULL,        -- reset_password, verify_email, change_email, undo_email_change
    email      TEXT NOT NULL,        -- the address that it proves, becomes or was
    email_key  TEXT NOT NULL,
    bound_key  TEXT,                 -- the account's address when it was made: with another one it is dead; empty: of an undo
    expires_at {time} NOT NULL,
    cause      {long} NOT NULL       -- the journal row of its making
) {clustered} {strict};

-- One of each purpose; but a second change of the address must not take the undo of the first away.
CREATE UNIQUE INDEX account_proofs_of_user ON account_proofs (user_id, purpose) WHERE purpose <> 'undo_email_change';
CREATE INDEX account_proofs_by_user ON account_proofs (user_id);
CREATE INDEX account_proofs_by_end ON account_proofs (expires_at);

-- An address that can still come back belongs to nobody else.
CREATE INDEX account_proofs_reserved ON account_proofs (email_key) WHERE purpose = 'undo_email_change';
