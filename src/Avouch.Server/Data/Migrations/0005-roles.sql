-- Roles and what they permit. A token carries names of roles; what a name permits is read from here.
CREATE TABLE roles (
    name        TEXT NOT NULL PRIMARY KEY,
    description TEXT,
    is_built_in {bool} NOT NULL,
    created_at  {time},              -- empty: built in
    updated_at  {time}
) {strict};

-- '*' is everything; only the role admin has it.
CREATE TABLE role_permissions (
    role       TEXT NOT NULL REFERENCES roles (name) ON DELETE CASCADE,
    permission TEXT NOT NULL,
    PRIMARY KEY (role, permission)
) {clustered} {strict};

INSERT INTO roles (name, description, is_built_in) VALUES ('admin', 'May do everything.', TRUE), ('user', 'What everybody gets who signs up.', TRUE), ('guest', 'Less than a user.', TRUE);
INSERT INTO role_permissions (role, permission) VALUES ('admin', '*');

-- All roles of a user in one text, parted by spaces, so that a refresh reads them in its one statement; users.role is the first of them.
ALTER TABLE users ADD COLUMN roles TEXT NOT NULL DEFAULT '';
UPDATE users SET roles = role;

-- The same once more, by role: who has one, and whether anybody does.
CREATE TABLE user_roles (
    role    TEXT NOT NULL REFERENCES roles (name),
    user_id {id} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    PRIMARY KEY (role, user_id)
) {clustered} {strict};

CREATE INDEX user_roles_by_user ON user_roles (user_id);
INSERT INTO user_roles (role, user_id) SELECT role, id FROM users;

-- full_name as it is searched, like username_key. Rows from before this get theirs bit by bit.
ALTER TABLE users ADD COLUMN full_name_key TEXT;
CREATE INDEX users_without_name_key ON users (id) WHERE full_name IS NOT NULL AND full_name_key IS NULL;

-- One index for each order of the list of users, with what is filtered beside it. Nulls are sorted as the smallest value on every engine.
CREATE INDEX users_by_creation ON users (created_at, id, is_active, is_verified);
CREATE INDEX users_by_username ON users ((COALESCE(username_key, '')), id, is_active, is_verified);
CREATE INDEX users_by_email ON users (email_key, id, is_active, is_verified);
CREATE INDEX users_by_login ON users ((COALESCE(last_login_at, 0)), id, is_active, is_verified);
CREATE INDEX users_by_full_name ON users (full_name_key) WHERE full_name_key IS NOT NULL;
CREATE INDEX users_by_status ON users (is_active, is_verified);

CREATE INDEX journal_by_kind ON journal (kind, seq);

-- Deleted users whose network addresses still stand in the journal. Written with the deletion and worked off in small batches, also after a crash.
CREATE TABLE erasures (
    user_id {id} NOT NULL PRIMARY KEY,
    seq     {long} NOT NULL          -- rows up to this one of the journal are cleared
) {clustered} {strict};
