-- The language that a person chose, as a BCP 47 tag; empty: whatever their browser asks for.
ALTER TABLE users ADD COLUMN locale TEXT;

-- Mail, written in the transaction of its cause. What it says, and to whom, is sealed under the master key, since it holds links that open things;
-- once a server has accepted it, only the fact stays.
CREATE TABLE mail_outbox (
    id         {id} NOT NULL PRIMARY KEY,
    user_id    {id},                 -- whom it concerns; stays when the account is deleted, as in the journal
    template   TEXT NOT NULL,
    letter     {bytes},              -- sealed; empty once sent
    created_at {time} NOT NULL,
    due_at     {time} NOT NULL,      -- not tried before this; while somebody sends it, when others may take it for lost
    attempts   {long} NOT NULL,      -- rises with each claim, so that only the latest one may say how it ended
    claimed_at {time},               -- somebody is sending it since then
    sent_at    {time},               -- when a server accepted it
    dead_at    {time},               -- given up: an administrator has to look
    fault      TEXT                  -- what went wrong the last time, in one sentence
) {clustered} {strict};

CREATE INDEX mail_outbox_waiting ON mail_outbox (due_at) WHERE sent_at IS NULL AND dead_at IS NULL;
CREATE INDEX mail_outbox_claimed ON mail_outbox (claimed_at) WHERE claimed_at IS NOT NULL;
CREATE INDEX mail_outbox_unsent ON mail_outbox (id) WHERE sent_at IS NULL;
CREATE INDEX mail_outbox_dead ON mail_outbox (dead_at) WHERE dead_at IS NOT NULL;
CREATE INDEX mail_outbox_sent ON mail_outbox (sent_at) WHERE sent_at IS NOT NULL;
CREATE INDEX mail_outbox_by_user ON mail_outbox (user_id);
