-- Stages. Those of proofs without an automated workflow are made by Galley, one for each deadline
-- that people on the proof have.

CREATE TABLE stages (
    id {id},
    proof_id BIGINT NOT NULL REFERENCES proofs (id),
    position BIGINT NOT NULL,
    name TEXT NOT NULL,
    start_trigger BIGINT NOT NULL,
    parent_id BIGINT REFERENCES stages (id),
    start_at BIGINT,
    locking BIGINT NOT NULL,
    deadline BIGINT,
    deadline_from BIGINT NOT NULL,
    deadline_days BIGINT,
    deadline_minute BIGINT,
    deadline_zone TEXT,
    one_decision BIGINT NOT NULL,
    private BIGINT NOT NULL,
    mandatory BIGINT NOT NULL,
    primary_id BIGINT,
    started_at BIGINT,
    locked_at BIGINT,
    decision BIGINT,
    decisions_made BIGINT NOT NULL DEFAULT 0,
    decisions_required BIGINT NOT NULL DEFAULT 0,
    decided_at BIGINT
);
CREATE INDEX stages_by_proof ON stages (proof_id, position);

ALTER TABLE reviewers ADD COLUMN stage_id BIGINT REFERENCES stages (id);
-- To be told of the proof when their stage starts.
ALTER TABLE reviewers ADD COLUMN waiting BIGINT NOT NULL DEFAULT 0;
CREATE INDEX reviewers_by_stage ON reviewers (stage_id);

ALTER TABLE proofs ADD COLUMN automated BIGINT NOT NULL DEFAULT 0;
ALTER TABLE proofs ADD COLUMN template_id BIGINT;
ALTER TABLE proofs ADD COLUMN private_stages BIGINT NOT NULL DEFAULT 0;
ALTER TABLE proofs ADD COLUMN late_from BIGINT;

-- The proofs that are there get the stages that Galley makes, running since the proof was made. 16 is
-- the switch "only one decision required".
INSERT INTO stages (proof_id, position, name, start_trigger, locking, deadline, deadline_from, one_decision,
    private, mandatory, started_at)
SELECT g.proof_id, g.place, CASE WHEN g.place = 1 THEN 'Stage' ELSE 'Stage ' || CAST(g.place AS TEXT) END,
    1, 1, g.deadline, 1, g.one_decision, 0, 0, g.created_at
FROM (
    SELECT d.proof_id, d.deadline, d.one_decision, d.created_at,
        ROW_NUMBER() OVER (PARTITION BY d.proof_id ORDER BY d.first_reviewer) AS place
    FROM (
        SELECT p.id AS proof_id, COALESCE(r.deadline, p.deadline) AS deadline, p.created_at AS created_at,
            CASE WHEN (p.flags & 16) = 16 THEN 1 ELSE 0 END AS one_decision, MIN(r.id) AS first_reviewer
        FROM proofs p LEFT JOIN reviewers r ON r.proof_id = p.id
        GROUP BY p.id, COALESCE(r.deadline, p.deadline), p.created_at, p.flags
    ) d
) g;

UPDATE reviewers SET stage_id = (
    SELECT s.id FROM stages s JOIN proofs p ON p.id = s.proof_id
    WHERE s.proof_id = reviewers.proof_id
        AND COALESCE(s.deadline, -1) = COALESCE(reviewers.deadline, p.deadline, -1)
    LIMIT 1
);

UPDATE stages SET
    primary_id = (
        SELECT p.primary_id FROM proofs p JOIN reviewers r ON r.id = p.primary_id
        WHERE p.id = stages.proof_id AND r.stage_id = stages.id
    ),
    decided_at = (
        SELECT MAX(r.decided_at) FROM reviewers r WHERE r.stage_id = stages.id AND r.removed_at IS NULL
    );

-- Roles 4 to 7 decide. Decisions from the worst to the best are 1, 0, 2, 3, 4.
UPDATE stages SET
    decisions_required = (
        SELECT CASE
            WHEN COUNT(*) > 0 AND (stages.primary_id IS NOT NULL OR stages.one_decision = 1) THEN 1
            ELSE COUNT(*) END
        FROM reviewers r WHERE r.stage_id = stages.id AND r.removed_at IS NULL AND r.role >= 4
    ),
    decisions_made = (
        SELECT CASE
            WHEN stages.primary_id IS NOT NULL
                THEN COUNT(CASE WHEN r.id = stages.primary_id AND r.decision <> 0 THEN 1 END)
            WHEN stages.one_decision = 1 AND COUNT(CASE WHEN r.decision <> 0 THEN 1 END) > 0 THEN 1
            ELSE COUNT(CASE WHEN r.decision <> 0 THEN 1 END) END
        FROM reviewers r WHERE r.stage_id = stages.id AND r.removed_at IS NULL AND r.role >= 4
    ),
    decision = (
        SELECT r.decision FROM reviewers r
        WHERE r.stage_id = stages.id AND r.removed_at IS NULL AND r.role >= 4
        ORDER BY CASE WHEN r.id = stages.primary_id THEN 0 ELSE 1 END,
            CASE WHEN stages.one_decision = 1 THEN COALESCE(r.decided_at, 9223372036854775807) ELSE 0 END,
            CASE r.decision WHEN 1 THEN 0 WHEN 0 THEN 1 ELSE r.decision END
        LIMIT 1
    );

UPDATE proofs SET
    decisions_made = (SELECT SUM(s.decisions_made) FROM stages s WHERE s.proof_id = proofs.id),
    decisions_required = (SELECT SUM(s.decisions_required) FROM stages s WHERE s.proof_id = proofs.id),
    decision = (
        SELECT s.decision FROM stages s WHERE s.proof_id = proofs.id AND s.decision IS NOT NULL
        ORDER BY CASE s.decision WHEN 1 THEN 0 WHEN 0 THEN 1 ELSE s.decision END
        LIMIT 1
    );
UPDATE proofs SET late_from = (
    SELECT MIN(s.deadline) FROM stages s
    WHERE s.proof_id = proofs.id
        AND (proofs.decisions_required = 0 OR s.decisions_made < s.decisions_required)
);
