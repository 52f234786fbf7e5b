-- Where a reader of the event log is: everything up to this event is dealt with.
CREATE TABLE cursors (
    reader TEXT PRIMARY KEY,
    event_id BIGINT NOT NULL
);
-- What happened before there were callbacks is nobody's news.
INSERT INTO cursors (reader, event_id) SELECT 'callbacks', COALESCE(MAX(id), 0) FROM events;

-- proof_id is 0 for a callback of the whole account.
CREATE TABLE callbacks (
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    proof_id BIGINT NOT NULL,
    kind BIGINT NOT NULL,
    url TEXT NOT NULL,
    retry_minutes BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, proof_id, kind)
);

CREATE TABLE deliveries (
    id {id},
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    proof_id BIGINT,
    kind TEXT NOT NULL,
    url TEXT NOT NULL,
    retry_minutes BIGINT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    happened_at BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    finished_at BIGINT,
    status BIGINT,
    problem TEXT
);
CREATE INDEX deliveries_due ON deliveries (state, next_at);
CREATE INDEX deliveries_by_account ON deliveries (account_id, id);
