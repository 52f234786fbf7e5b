-- How accounts show themselves. Images of logos are small (a few kilobytes each) and stand here instead of
-- in the folder of originals: they change in one transaction with the rest, and a copy for a satellite is
-- one statement. One whose code no row of `branding` has was uploaded and not chosen.
CREATE TABLE branding (
    account_id BIGINT NOT NULL PRIMARY KEY REFERENCES accounts (id),
    name TEXT NOT NULL,
    accent TEXT NOT NULL,
    help TEXT NOT NULL,
    logo TEXT NOT NULL
);

CREATE TABLE logo_images (
    code TEXT NOT NULL,
    size TEXT NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    width BIGINT NOT NULL,
    height BIGINT NOT NULL,
    data BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (code, size)
);
CREATE INDEX logo_images_by_account ON logo_images (account_id, created_at);
