-- What was read of a file for those who print it, as JSON; found once, when its pages have been rendered.
CREATE TABLE preflights (
    file_id BIGINT PRIMARY KEY REFERENCES files (id) ON DELETE CASCADE,
    facts TEXT NOT NULL
);
