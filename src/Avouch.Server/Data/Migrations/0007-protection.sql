-- How accounts are protected against guessing, and names against look-alikes.

-- Rises with every new password: a device that knew an older one is a stranger again.
ALTER TABLE users ADD COLUMN password_epoch {long} NOT NULL DEFAULT 1;

-- Signed up while existing accounts were hidden: nobody signs in before the address is verified, as nobody does with a taken one.
ALTER TABLE users ADD COLUMN awaits_proof {bool} NOT NULL DEFAULT FALSE;

-- What a user name looks like. Empty for accounts from before, until the server has filled it in.
ALTER TABLE users ADD COLUMN username_skeleton TEXT;

CREATE INDEX users_by_skeleton ON users (username_skeleton) WHERE username_skeleton IS NOT NULL;
CREATE INDEX users_without_skeleton ON users (id) WHERE username IS NOT NULL AND username_skeleton IS NULL;

-- Wrong passwords in a row, where accounts are locked after a number of them. The row of the id zero is for names that nobody has, so that they
-- cost the same.
CREATE TABLE sign_in_failures (
    user_id      {id} NOT NULL PRIMARY KEY,
    failures     {long} NOT NULL,
    locked_at    {time},
    locked_until {time}              -- empty in a locked row: until somebody unlocks it
) {strict};

-- User names of sign-ups that ended at a taken address: they stay taken for a time, as if the sign-up had gone well.
CREATE TABLE held_names (
    username_key      TEXT NOT NULL PRIMARY KEY,
    username_skeleton TEXT NOT NULL,
    until             {time} NOT NULL
) {strict};

CREATE INDEX held_names_by_skeleton ON held_names (username_skeleton);
CREATE INDEX held_names_by_end ON held_names (until);
