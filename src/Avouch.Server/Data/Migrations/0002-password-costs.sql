-- The most work of each kind that any stored password hash needs: what a refused sign-in does, whoever was meant.
CREATE TABLE password_costs (
    kind TEXT NOT NULL PRIMARY KEY,   -- argon2, bcrypt, scrypt, pbkdf2-sha1, pbkdf2-sha256, pbkdf2-sha512
    work {long} NOT NULL              -- blocks, rounds, N × r × p, iterations × blocks of output
) {strict};
