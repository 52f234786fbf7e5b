-- Who had a sample proof sent, and when: each address once, with the last time.
CREATE TABLE sample_orders (
    email_key TEXT NOT NULL PRIMARY KEY,
    proof_id BIGINT NOT NULL,
    ordered_at BIGINT NOT NULL
);
CREATE INDEX sample_orders_by_time ON sample_orders (ordered_at);
