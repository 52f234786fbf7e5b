-- What differs from the usual in how an account offers decisions, reasons to give with them, those that
-- were given, and labels for comments.

CREATE TABLE decision_setups (
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    decision BIGINT NOT NULL,
    label TEXT NOT NULL,
    offered BIGINT NOT NULL,
    reasons BIGINT NOT NULL,
    post_message BIGINT NOT NULL,
    PRIMARY KEY (account_id, decision)
);

CREATE TABLE decision_reasons (
    id {id},
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    text BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (account_id, name_key)
);

-- Names as they were: a reason given stays what it was.
CREATE TABLE given_reasons (
    reviewer_id BIGINT NOT NULL REFERENCES reviewers (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    name TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (reviewer_id, position)
);

CREATE TABLE actions (
    id {id},
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    enabled BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (account_id, name_key)
);
INSERT INTO actions (account_id, name, name_key, enabled, created_at)
    SELECT id, 'To do', 'to do', 1, created_at FROM accounts ORDER BY id;
INSERT INTO actions (account_id, name, name_key, enabled, created_at)
    SELECT id, 'In progress', 'in progress', 1, created_at FROM accounts ORDER BY id;
INSERT INTO actions (account_id, name, name_key, enabled, created_at)
    SELECT id, 'Done', 'done', 1, created_at FROM accounts ORDER BY id;

ALTER TABLE comments ADD COLUMN action_id BIGINT REFERENCES actions (id);
