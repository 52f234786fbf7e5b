-- Rows of a list (a bit of proofs.lists) in a block of so many ids. Skipping to a row far down adds these up, first
-- those of the large blocks, then the small ones in the one that the row is in.
DROP TABLE list_blocks;
CREATE TABLE list_blocks (
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    span BIGINT NOT NULL,
    block BIGINT NOT NULL,
    list BIGINT NOT NULL,
    size BIGINT NOT NULL,
    PRIMARY KEY (account_id, span, block, list)
);
INSERT INTO list_blocks (account_id, span, block, list, size)
    SELECT p.account_id, s.span, p.id / s.span, l.list, COUNT(*)
    FROM (SELECT 8192 AS span UNION ALL SELECT 256) s
    CROSS JOIN (SELECT 1 AS list UNION ALL SELECT 2 UNION ALL SELECT 4 UNION ALL SELECT 8) l
    JOIN proofs p ON p.lists & l.list <> 0
    GROUP BY p.account_id, s.span, p.id / s.span, l.list;
