-- A combined file is made of others, whose pages follow one after the other.
CREATE TABLE file_parts (
    file_id BIGINT NOT NULL REFERENCES files (id),
    position BIGINT NOT NULL,
    part_id BIGINT NOT NULL REFERENCES files (id),
    name TEXT NOT NULL,
    PRIMARY KEY (file_id, position)
);
CREATE INDEX file_parts_by_part ON file_parts (part_id);

-- A file that is to be made by capturing a web page.
CREATE TABLE captures (
    file_id BIGINT PRIMARY KEY REFERENCES files (id),
    url TEXT NOT NULL
);

-- Where the page of a combined file comes from.
ALTER TABLE pages ADD COLUMN part_id BIGINT REFERENCES files (id);
ALTER TABLE pages ADD COLUMN part_page BIGINT;
