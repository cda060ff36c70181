-- Accounts, sessions, signing keys and the journal. Words in braces are types that the engine fills in.

-- Facts about this installation: its issuer, the check value of its master key.
CREATE TABLE installation (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) {strict};

-- username_key and email_key are the NFKC-normalised, case-folded forms: what "the same name" means.
CREATE TABLE users (
    id            {id} NOT NULL PRIMARY KEY,
    username      TEXT,
    username_key  TEXT UNIQUE,
    email         TEXT NOT NULL,
    email_key     TEXT NOT NULL UNIQUE,
    full_name     TEXT,
    role          TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    is_active     {bool} NOT NULL,
    is_verified   {bool} NOT NULL,
    epoch         {long} NOT NULL,   -- access tokens of an older epoch are refused
    epoch_until   {time},            -- until when such a token can still be alive
    epoch_cause   {long},            -- the journal row that raised the epoch last
    created_at    {time} NOT NULL,
    updated_at    {time} NOT NULL,
    last_login_at {time}
) {strict};

-- A session is one row; its refresh token is a function of (id, generation). Nothing is stored for each token.
CREATE TABLE sessions (
    id           {id} NOT NULL PRIMARY KEY,
    user_id      {id} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    client_id    TEXT NOT NULL,
    scope        TEXT NOT NULL,
    generation   {long} NOT NULL,
    created_at   {time} NOT NULL,
    rotated_at   {time} NOT NULL,    -- when this generation was reached
    idle_until   {time} NOT NULL,    -- gone if it is not refreshed before this
    expires_at   {time} NOT NULL,    -- gone whatever happens
    access_until {time} NOT NULL,    -- the highest exp ever promised, set before a token is signed
    address      TEXT,
    agent        TEXT,
    ended_at     {time},
    ended_by     {long}              -- the journal row that says why
) {clustered} {strict};

CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_end ON sessions (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX sessions_by_idle ON sessions (idle_until);

-- Every change that matters to security, written in the transaction of the change. Caches and revocation read it.
CREATE TABLE journal (
    seq        {sequence},
    at         {time} NOT NULL,
    kind       TEXT NOT NULL,
    user_id    {id},
    session_id {id},
    actor_id   {id},
    address    TEXT,
    epoch      {long},               -- the user's epoch after the change, where it rose
    until      {time},               -- the last exp of the tokens that the change takes back
    detail     TEXT
) {strict};

CREATE INDEX journal_by_user ON journal (user_id, seq);
CREATE INDEX journal_by_time ON journal (at);

-- Private keys are sealed under the master key.
CREATE TABLE signing_keys (
    kid          TEXT NOT NULL PRIMARY KEY,
    algorithm    TEXT NOT NULL,
    private_key  {bytes} NOT NULL,
    created_at   {time} NOT NULL,
    active_from  {time},             -- empty: published ahead, not signing yet
    retired_at   {time},             -- no longer signing; tokens that it signed still count
    withdrawn_at {time}              -- counts no more
) {strict};
