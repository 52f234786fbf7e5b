-- Web pages that are tried rather than looked at: bundles that were uploaded, and sites that are framed (with url).
CREATE TABLE interactives (
    file_id BIGINT PRIMARY KEY REFERENCES files (id) ON DELETE CASCADE,
    url TEXT
);

-- The screen that a comment on such a page is about, as JSON.
ALTER TABLE comments ADD COLUMN screen TEXT;

-- Keys stand for the code of a link, and the session that came along, in addresses that a bundle gets to see.
CREATE TABLE site_keys (
    key TEXT PRIMARY KEY,
    code TEXT NOT NULL,
    session TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    UNIQUE (code, session)
);
