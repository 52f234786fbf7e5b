-- Lists of proofs come with the reasons given on them, which are few: found without a look at every reviewer.
ALTER TABLE given_reasons ADD COLUMN proof_id BIGINT NOT NULL DEFAULT 0;
UPDATE given_reasons SET proof_id = (SELECT r.proof_id FROM reviewers r WHERE r.id = given_reasons.reviewer_id);
CREATE INDEX given_reasons_by_proof ON given_reasons (proof_id);
