-- Proofs that are made together: held back, with their mail, until the batch is finished.
CREATE TABLE batches (
    id {id},
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    user_id BIGINT NOT NULL REFERENCES users (id),
    created_at BIGINT NOT NULL,
    finished_at BIGINT
);

-- 'proof', or 'file' for a file that is only shared.
ALTER TABLE proofs ADD COLUMN kind TEXT NOT NULL DEFAULT 'proof';
ALTER TABLE proofs ADD COLUMN batch_id BIGINT REFERENCES batches (id);
ALTER TABLE proofs ADD COLUMN reference_id TEXT NOT NULL DEFAULT '';
ALTER TABLE proofs ADD COLUMN decision_changed_at BIGINT;
CREATE INDEX proofs_by_batch ON proofs (batch_id);

-- Switches that came later are on by default: bits 19 to 22, 24, 29 and 30.
UPDATE proofs SET flags = flags + 1635254272;
