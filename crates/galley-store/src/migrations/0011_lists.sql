-- The archive, deletion for good, running numbers, and lists that cost the same at any depth.

ALTER TABLE accounts ADD COLUMN proof_counter BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sets ADD COLUMN counter BIGINT NOT NULL DEFAULT 0;
-- When anything last happened to a version of the set; nothing when no version could be archived.
ALTER TABLE sets ADD COLUMN touched_at BIGINT;
ALTER TABLE proofs ADD COLUMN archived_at BIGINT;
-- Deleted for good: the row stays, so that its number and its id are never given out again.
ALTER TABLE proofs ADD COLUMN erased_at BIGINT;
-- Of each set one version is listed: the newest outside the archive (front), the newest in it (vault),
-- the newest of both (top). `lists` holds the lists in which the row is counted, a bit each.
ALTER TABLE proofs ADD COLUMN front BIGINT NOT NULL DEFAULT 0;
ALTER TABLE proofs ADD COLUMN vault BIGINT NOT NULL DEFAULT 0;
ALTER TABLE proofs ADD COLUMN top BIGINT NOT NULL DEFAULT 0;
ALTER TABLE proofs ADD COLUMN lists BIGINT NOT NULL DEFAULT 0;
-- What kind of thing it shows: image, document, video, audio, web.
ALTER TABLE proofs ADD COLUMN media TEXT NOT NULL DEFAULT 'document';

UPDATE sets SET counter = (SELECT COUNT(*) FROM sets o WHERE o.account_id = sets.account_id AND o.id <= sets.id);
UPDATE accounts SET proof_counter = (SELECT COUNT(*) FROM sets WHERE sets.account_id = accounts.id);
UPDATE sets SET touched_at = (SELECT MAX(e.at) FROM events e JOIN proofs p ON p.id = e.proof_id WHERE p.set_id = sets.id);
UPDATE proofs SET front = 1, top = 1
    WHERE trashed_at IS NULL AND kind = 'proof' AND version = (SELECT newest FROM sets WHERE sets.id = proofs.set_id);
UPDATE proofs SET lists = CASE WHEN state = 'unlocked' THEN 9 ELSE 10 END WHERE front = 1;
UPDATE proofs SET media = 'image'
    WHERE LOWER(source_name) LIKE '%.png' OR LOWER(source_name) LIKE '%.jpg' OR LOWER(source_name) LIKE '%.jpeg';

DROP INDEX proofs_listed;
CREATE INDEX proofs_front ON proofs (account_id, id, set_id) WHERE front = 1;
CREATE INDEX proofs_open ON proofs (account_id, id, set_id) WHERE front = 1 AND state = 'unlocked';
CREATE INDEX proofs_locked ON proofs (account_id, id, set_id) WHERE front = 1 AND state = 'locked';
CREATE INDEX proofs_vault ON proofs (account_id, id, set_id) WHERE vault = 1;
CREATE INDEX proofs_top ON proofs (account_id, id, set_id) WHERE top = 1;
CREATE INDEX proofs_due ON proofs (account_id, late_from) WHERE front = 1 AND state = 'unlocked';
CREATE INDEX proofs_files ON proofs (account_id, id) WHERE kind = 'file';
CREATE INDEX proofs_named ON proofs (account_id, name_key);
CREATE INDEX sets_idle ON sets (touched_at);
CREATE INDEX sets_by_workspace ON sets (workspace_id);

-- Rows of a list (a bit of proofs.lists) in a block of 512 ids. Skipping to a row far down adds these up.
CREATE TABLE list_blocks (
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    list BIGINT NOT NULL,
    block BIGINT NOT NULL,
    size BIGINT NOT NULL,
    PRIMARY KEY (account_id, block, list)
);
INSERT INTO list_blocks (account_id, list, block, size)
    SELECT account_id, lists - 8, id / 512, COUNT(*) FROM proofs WHERE lists > 8 GROUP BY account_id, lists - 8, id / 512;
INSERT INTO list_blocks (account_id, list, block, size)
    SELECT account_id, 8, id / 512, COUNT(*) FROM proofs WHERE lists > 8 GROUP BY account_id, id / 512;

-- Codes that stand for a reviewer for a while: one-time links (once = 1), and what they turn into.
CREATE TABLE passes (
    code TEXT PRIMARY KEY,
    reviewer_id BIGINT NOT NULL REFERENCES reviewers (id),
    once BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX passes_by_expiry ON passes (expires_at);

-- Folders: trash, and who they are shared with. A share is inherited by the folders below: `origin` is
-- the folder in which it was given. role 2 may add, edit and delete items.
ALTER TABLE workspaces ADD COLUMN creator_id BIGINT;
ALTER TABLE workspaces ADD COLUMN trashed_at BIGINT;
UPDATE workspaces SET creator_id = owner_id;
CREATE INDEX workspaces_by_parent ON workspaces (parent_id);
CREATE TABLE workspace_shares (
    workspace_id BIGINT NOT NULL REFERENCES workspaces (id),
    user_id BIGINT NOT NULL REFERENCES users (id),
    origin BIGINT NOT NULL REFERENCES workspaces (id),
    role BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, user_id, origin)
);
CREATE INDEX workspace_shares_by_user ON workspace_shares (user_id, workspace_id);

-- Tags belong to the whole set of versions.
CREATE TABLE tags (
    id {id},
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (account_id, name_key)
);
CREATE TABLE set_tags (
    set_id BIGINT NOT NULL REFERENCES sets (id),
    tag_id BIGINT NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
    PRIMARY KEY (set_id, tag_id)
);
CREATE INDEX set_tags_by_tag ON set_tags (tag_id);

-- Words by which a set is found: those of its names (in_name = 1) and those of subjects, messages, tags
-- and creators. They are compared byte by byte.
CREATE TABLE words (
    account_id BIGINT NOT NULL,
    word TEXT NOT NULL,
    in_name BIGINT NOT NULL,
    set_id BIGINT NOT NULL REFERENCES sets (id),
    PRIMARY KEY (account_id, word, in_name, set_id)
);
CREATE INDEX words_by_set ON words (set_id, word, in_name);
