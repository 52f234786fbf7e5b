-- Named lists of people who are put on proofs together.

CREATE TABLE contact_groups (
    id {id},
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    owner_id BIGINT NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    private BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX contact_groups_by_account ON contact_groups (account_id, name);

CREATE TABLE contact_group_members (
    id {id},
    group_id BIGINT NOT NULL REFERENCES contact_groups (id) ON DELETE CASCADE,
    person_id BIGINT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    role BIGINT,
    alert BIGINT NOT NULL,
    UNIQUE (group_id, person_id)
);
CREATE INDEX contact_group_members_by_person ON contact_group_members (person_id);
