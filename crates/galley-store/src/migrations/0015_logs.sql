-- What the logs of an account show, numbered from 1 without a gap in each log, so that a page far down
-- is found as fast as the first. `ref_id` is an entry of the event log, in the log `email` a mail.
-- `user_id` is 0 except in the log `profile`, where each user has one.
CREATE TABLE log_entries (
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    log TEXT NOT NULL,
    user_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    ref_id BIGINT NOT NULL,
    PRIMARY KEY (account_id, log, user_id, number)
);
