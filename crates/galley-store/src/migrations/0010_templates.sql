-- Workflow templates: stages with their people, to make proofs of.

CREATE TABLE templates (
    id {id},
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    owner_id BIGINT NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,
    zone TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX templates_by_account ON templates (account_id, name);

CREATE TABLE template_shares (
    template_id BIGINT NOT NULL REFERENCES templates (id) ON DELETE CASCADE,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    PRIMARY KEY (template_id, user_id)
);

CREATE TABLE template_stages (
    id {id},
    template_id BIGINT NOT NULL REFERENCES templates (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    start_trigger BIGINT NOT NULL,
    parent_id BIGINT REFERENCES template_stages (id) ON DELETE SET NULL,
    start_days BIGINT,
    start_minute BIGINT,
    locking BIGINT NOT NULL,
    deadline_days BIGINT,
    deadline_minute BIGINT,
    deadline_from BIGINT NOT NULL,
    one_decision BIGINT NOT NULL,
    private BIGINT NOT NULL
);
CREATE INDEX template_stages_by_template ON template_stages (template_id, id);

CREATE TABLE template_people (
    id {id},
    stage_id BIGINT NOT NULL REFERENCES template_stages (id) ON DELETE CASCADE,
    person_id BIGINT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    role BIGINT NOT NULL,
    alert BIGINT NOT NULL,
    decides_alone BIGINT NOT NULL,
    UNIQUE (stage_id, person_id)
);
CREATE INDEX template_people_by_person ON template_people (person_id);
