-- Custom fields of an account. No row of the first three tables is ever removed or becomes another thing.
CREATE TABLE custom_sections (
    id {id},
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    UNIQUE (account_id, name_key)
);

CREATE TABLE custom_fields (
    id {id},
    section_id BIGINT NOT NULL REFERENCES custom_sections (id),
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    kind BIGINT NOT NULL,
    multiple BIGINT NOT NULL,
    UNIQUE (section_id, name_key)
);

CREATE TABLE custom_options (
    id {id},
    field_id BIGINT NOT NULL REFERENCES custom_fields (id),
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    UNIQUE (field_id, name_key)
);

CREATE TABLE custom_values (
    proof_id BIGINT NOT NULL REFERENCES proofs (id),
    field_id BIGINT NOT NULL REFERENCES custom_fields (id),
    value TEXT NOT NULL,
    PRIMARY KEY (proof_id, field_id)
);

CREATE TABLE custom_choices (
    proof_id BIGINT NOT NULL REFERENCES proofs (id),
    option_id BIGINT NOT NULL REFERENCES custom_options (id),
    PRIMARY KEY (proof_id, option_id)
);
