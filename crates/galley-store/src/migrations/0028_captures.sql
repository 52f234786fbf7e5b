-- The window that a web page is captured in.
ALTER TABLE captures ADD COLUMN width BIGINT NOT NULL DEFAULT 1366;
ALTER TABLE captures ADD COLUMN height BIGINT NOT NULL DEFAULT 768;

-- Searches for the sub-pages of a web page, kept until somebody picked from what they found.
CREATE TABLE page_searches (
    id {id},
    user_id BIGINT NOT NULL REFERENCES users (id),
    url TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    state TEXT NOT NULL,
    problem TEXT,
    looked BIGINT NOT NULL DEFAULT 0,
    more BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX page_searches_by_user ON page_searches (user_id);

CREATE TABLE found_pages (
    search_id BIGINT NOT NULL REFERENCES page_searches (id),
    position BIGINT NOT NULL,
    url TEXT NOT NULL,
    title TEXT NOT NULL,
    PRIMARY KEY (search_id, position)
);
