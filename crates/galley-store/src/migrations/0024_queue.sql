-- Jobs of a lane share a limit, whichever processes do them.
ALTER TABLE jobs ADD COLUMN lane TEXT NOT NULL DEFAULT 'light';
UPDATE jobs SET lane = 'open', priority = 10 WHERE kind = 'open_file';
UPDATE jobs SET lane = 'capture', priority = 10 WHERE kind = 'capture';
UPDATE jobs SET priority = 30 WHERE lane = 'light';
CREATE INDEX jobs_lane ON jobs (lane) WHERE state = 'leased';

-- How far a file is on its way to pages, and whether somebody called that off.
ALTER TABLE files ADD COLUMN step TEXT;
ALTER TABLE files ADD COLUMN steps_done BIGINT NOT NULL DEFAULT 0;
ALTER TABLE files ADD COLUMN steps_total BIGINT NOT NULL DEFAULT 0;
ALTER TABLE files ADD COLUMN cancelled BIGINT NOT NULL DEFAULT 0;
