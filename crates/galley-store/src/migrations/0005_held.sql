-- Somebody on a proof of a batch that is not finished: 1 to be told of it then, 0 to be put on it in silence.
ALTER TABLE reviewers ADD COLUMN held BIGINT;
