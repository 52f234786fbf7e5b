-- The dropzone of an account; lists are JSON.
CREATE TABLE dropzones (
    account_id BIGINT PRIMARY KEY REFERENCES accounts (id),
    code TEXT NOT NULL UNIQUE,
    enabled BIGINT NOT NULL,
    owner_id BIGINT NOT NULL REFERENCES users (id),
    workspace_id BIGINT REFERENCES workspaces (id),
    role BIGINT NOT NULL,
    alert BIGINT NOT NULL,
    activate BIGINT NOT NULL,
    domains TEXT NOT NULL,
    tell TEXT NOT NULL
);

-- Handed in at a dropzone and not activated yet.
ALTER TABLE proofs ADD COLUMN submitted BIGINT NOT NULL DEFAULT 0;
