-- Video and sound: how their frames are counted (sound in milliseconds) and what browsers play. Times in
-- microseconds.
CREATE TABLE recordings (
    file_id BIGINT PRIMARY KEY REFERENCES files (id) ON DELETE CASCADE,
    rate_frames BIGINT NOT NULL,
    rate_seconds BIGINT NOT NULL,
    frames BIGINT NOT NULL,
    starts BIGINT NOT NULL,
    first_frame BIGINT NOT NULL,
    drop_frame BIGINT NOT NULL,
    picture BIGINT NOT NULL,
    sound BIGINT NOT NULL,
    mime TEXT NOT NULL
);

-- The frame that a comment is about, the last one of several, when the first begins, and their timecode.
ALTER TABLE comments ADD COLUMN moment_from BIGINT;
ALTER TABLE comments ADD COLUMN moment_to BIGINT;
ALTER TABLE comments ADD COLUMN moment_begins BIGINT;
ALTER TABLE comments ADD COLUMN moment_label TEXT;
