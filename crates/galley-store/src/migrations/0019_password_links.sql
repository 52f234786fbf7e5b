-- Links by which somebody chooses a password: after an invitation, or when it was forgotten.
CREATE TABLE password_links (
    code TEXT NOT NULL PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES users (id),
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX password_links_by_user ON password_links (user_id, made_at);
