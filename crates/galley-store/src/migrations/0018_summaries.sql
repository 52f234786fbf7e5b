-- Summaries of proofs as files, made when somebody asks.
CREATE TABLE summaries (
    id {id},
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    proof_id BIGINT NOT NULL REFERENCES proofs (id),
    user_id BIGINT NOT NULL REFERENCES users (id),
    kind TEXT NOT NULL,
    all_versions BIGINT NOT NULL,
    news TEXT NOT NULL,
    callback_url TEXT,
    retry_minutes BIGINT,
    state TEXT NOT NULL,
    pages_done BIGINT NOT NULL DEFAULT 0,
    pages_expected BIGINT NOT NULL DEFAULT 0,
    code TEXT UNIQUE,
    file_name TEXT,
    size BIGINT,
    problem TEXT,
    requested_at BIGINT NOT NULL,
    finished_at BIGINT,
    ends_at BIGINT NOT NULL
);
CREATE INDEX summaries_of_proof ON summaries (proof_id, user_id);
CREATE INDEX summaries_by_end ON summaries (ends_at);
