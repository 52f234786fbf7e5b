-- How long all frames of a picture that moves take, in milliseconds; none for what stands still.
ALTER TABLE pages ADD COLUMN animation_ms BIGINT;
