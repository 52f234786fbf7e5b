-- What happened before there was mail is nobody's news.
INSERT INTO cursors (reader, event_id) SELECT 'mail', COALESCE(MAX(id), 0) FROM events;

-- People to be told of a proof once it has its pages. event_id is the entry that asked for it; those of
-- one batch are told of all their proofs together.
CREATE TABLE invitations (
    reviewer_id BIGINT PRIMARY KEY,
    proof_id BIGINT NOT NULL,
    event_id BIGINT NOT NULL,
    batch_id BIGINT
);
CREATE INDEX invitations_by_batch ON invitations (batch_id);
CREATE INDEX invitations_by_proof ON invitations (proof_id);

CREATE TABLE mails (
    id {id},
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    proof_id BIGINT,
    kind TEXT NOT NULL,
    to_name TEXT NOT NULL,
    to_email TEXT NOT NULL,
    reply_to TEXT,
    subject TEXT NOT NULL,
    text_body TEXT NOT NULL,
    html_body TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    happened_at BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    finished_at BIGINT,
    problem TEXT
);
CREATE INDEX mails_due ON mails (state, next_at);
CREATE INDEX mails_by_account ON mails (account_id, id);
CREATE INDEX mails_by_proof ON mails (proof_id, kind);
