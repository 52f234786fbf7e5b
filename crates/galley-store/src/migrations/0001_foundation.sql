-- Conventions: times are milliseconds since 1970 (BIGINT); booleans are 0 or 1; JSON is TEXT;
-- *_key columns hold the lower-case form that makes a text unique without regard to case.
-- Only SQL that SQLite and PostgreSQL both read; {id} stands for the dialect's identity column.

CREATE TABLE accounts (
    id {id},
    name TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE people (
    id {id},
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    name TEXT NOT NULL,
    default_role BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (account_id, email_key)
);

CREATE TABLE users (
    id {id},
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    person_id BIGINT NOT NULL UNIQUE REFERENCES people (id),
    email TEXT NOT NULL,
    email_key TEXT NOT NULL UNIQUE,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    position TEXT NOT NULL,
    profile BIGINT NOT NULL,
    status TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    default_role BIGINT NOT NULL,
    password_hash TEXT,
    api_token_hash TEXT UNIQUE,
    failed_logins BIGINT NOT NULL DEFAULT 0,
    locked_until BIGINT,
    created_at BIGINT NOT NULL
);
CREATE INDEX users_by_account ON users (account_id);

CREATE TABLE sessions (
    token_hash TEXT PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES users (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

CREATE TABLE workspaces (
    id {id},
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    parent_id BIGINT REFERENCES workspaces (id),
    owner_id BIGINT NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    client TEXT NOT NULL,
    project TEXT NOT NULL,
    private BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX workspaces_by_account ON workspaces (account_id);

CREATE TABLE files (
    id {id},
    token TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    size BIGINT NOT NULL,
    md5 TEXT NOT NULL,
    processing TEXT,
    processing_error TEXT,
    pages BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL
);
CREATE INDEX files_unused ON files (created_at) WHERE processing IS NULL;

CREATE TABLE pages (
    file_id BIGINT NOT NULL REFERENCES files (id) ON DELETE CASCADE,
    number BIGINT NOT NULL,
    width DOUBLE PRECISION NOT NULL,
    height DOUBLE PRECISION NOT NULL,
    vector BIGINT NOT NULL,
    width_mm DOUBLE PRECISION,
    height_mm DOUBLE PRECISION,
    label TEXT,
    ready BIGINT NOT NULL,
    error TEXT,
    PRIMARY KEY (file_id, number)
);

CREATE TABLE sets (
    id {id},
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    workspace_id BIGINT REFERENCES workspaces (id),
    versions BIGINT NOT NULL,
    newest BIGINT NOT NULL
);

CREATE TABLE proofs (
    id {id},
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    set_id BIGINT NOT NULL REFERENCES sets (id),
    version BIGINT NOT NULL,
    parent_id BIGINT REFERENCES proofs (id),
    file_id BIGINT NOT NULL REFERENCES files (id),
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    source_name TEXT NOT NULL,
    creator_id BIGINT NOT NULL REFERENCES users (id),
    owner_id BIGINT NOT NULL REFERENCES users (id),
    subject TEXT NOT NULL,
    message TEXT NOT NULL,
    deadline BIGINT,
    state TEXT NOT NULL,
    flags BIGINT NOT NULL,
    default_alert BIGINT,
    default_role BIGINT,
    custom_link_url TEXT NOT NULL,
    custom_link_label TEXT NOT NULL,
    swf TEXT NOT NULL,
    decision BIGINT,
    decisions_made BIGINT NOT NULL,
    decisions_required BIGINT NOT NULL,
    comments BIGINT NOT NULL DEFAULT 0,
    last_number BIGINT NOT NULL DEFAULT 0,
    primary_id BIGINT,
    team_code TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    trashed_at BIGINT,
    UNIQUE (set_id, version)
);
CREATE INDEX proofs_listed ON proofs (account_id, created_at, id);
CREATE INDEX proofs_by_file ON proofs (file_id);
CREATE INDEX proofs_by_owner ON proofs (owner_id);
CREATE INDEX proofs_by_creator ON proofs (creator_id);

CREATE TABLE reviewers (
    id {id},
    proof_id BIGINT NOT NULL REFERENCES proofs (id),
    person_id BIGINT NOT NULL REFERENCES people (id),
    name TEXT NOT NULL,
    position TEXT NOT NULL,
    role BIGINT NOT NULL,
    alert BIGINT NOT NULL,
    deadline BIGINT,
    decision BIGINT NOT NULL DEFAULT 0,
    decided_at BIGINT,
    code TEXT UNIQUE,
    sent_at BIGINT,
    opened_at BIGINT,
    comments BIGINT NOT NULL DEFAULT 0,
    replies BIGINT NOT NULL DEFAULT 0,
    added_at BIGINT NOT NULL,
    removed_at BIGINT
);
CREATE UNIQUE INDEX reviewers_once ON reviewers (proof_id, person_id) WHERE removed_at IS NULL;
CREATE INDEX reviewers_by_person ON reviewers (person_id, proof_id);

CREATE TABLE comments (
    id {id},
    proof_id BIGINT NOT NULL REFERENCES proofs (id),
    number BIGINT NOT NULL,
    reviewer_id BIGINT NOT NULL REFERENCES reviewers (id),
    author TEXT NOT NULL,
    text TEXT NOT NULL,
    page BIGINT,
    markups TEXT NOT NULL,
    client_id TEXT,
    created_at BIGINT NOT NULL,
    edited_at BIGINT,
    resolved_at BIGINT,
    resolved_by TEXT,
    deleted_at BIGINT,
    UNIQUE (proof_id, number),
    UNIQUE (reviewer_id, client_id)
);

CREATE TABLE replies (
    id {id},
    comment_id BIGINT NOT NULL REFERENCES comments (id),
    reviewer_id BIGINT NOT NULL REFERENCES reviewers (id),
    author TEXT NOT NULL,
    text TEXT NOT NULL,
    client_id TEXT,
    created_at BIGINT NOT NULL,
    deleted_at BIGINT,
    UNIQUE (reviewer_id, client_id)
);
CREATE INDEX replies_by_comment ON replies (comment_id, id);

-- Append only. Each entry carries the hash of the one before it in the same account.
CREATE TABLE events (
    id {id},
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    proof_id BIGINT,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    data TEXT NOT NULL,
    hash TEXT NOT NULL
);
CREATE INDEX events_by_account ON events (account_id, id);
CREATE INDEX events_by_proof ON events (proof_id, id);

CREATE TABLE jobs (
    id {id},
    kind TEXT NOT NULL,
    subject BIGINT NOT NULL,
    priority BIGINT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    run_at BIGINT NOT NULL,
    lease TEXT,
    leased_until BIGINT,
    last_error TEXT,
    created_at BIGINT NOT NULL,
    UNIQUE (kind, subject)
);
CREATE INDEX jobs_due ON jobs (state, priority, run_at);
