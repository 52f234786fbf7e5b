-- Accounts, users and contacts in full. JSON columns hold what nobody searches by.

ALTER TABLE accounts ADD COLUMN hub_id BIGINT REFERENCES accounts (id);
ALTER TABLE accounts ADD COLUMN address TEXT NOT NULL DEFAULT '{}';
ALTER TABLE accounts ADD COLUMN domain TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN reference TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN proof_mail_off BIGINT NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN password_rules TEXT NOT NULL DEFAULT '{}';
ALTER TABLE accounts ADD COLUMN messages TEXT NOT NULL DEFAULT '{}';
ALTER TABLE accounts ADD COLUMN plan_id BIGINT NOT NULL DEFAULT 1;
ALTER TABLE accounts ADD COLUMN plan_since BIGINT NOT NULL DEFAULT 0;
UPDATE accounts SET plan_since = created_at;
CREATE INDEX accounts_by_hub ON accounts (hub_id);
-- Domains are stored in lower case.
CREATE UNIQUE INDEX accounts_by_domain ON accounts (domain) WHERE domain <> '';

ALTER TABLE users ADD COLUMN address TEXT NOT NULL DEFAULT '{}';
ALTER TABLE users ADD COLUMN openid TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN language TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN date_format TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN marketing_mail BIGINT NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN api_only BIGINT NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN proof_ready_mail BIGINT NOT NULL DEFAULT 1;
ALTER TABLE users ADD COLUMN default_alert BIGINT NOT NULL DEFAULT 3;
ALTER TABLE users ADD COLUMN reference TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN last_login BIGINT;
ALTER TABLE users ADD COLUMN password_set_at BIGINT NOT NULL DEFAULT 0;
-- A deleted login stays as the name under which its proofs were uploaded.
ALTER TABLE users ADD COLUMN deleted_at BIGINT;
UPDATE users SET password_set_at = created_at;
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX workspaces_by_owner ON workspaces (owner_id);

ALTER TABLE people ADD COLUMN company TEXT NOT NULL DEFAULT '';
ALTER TABLE people ADD COLUMN position TEXT NOT NULL DEFAULT '';
ALTER TABLE people ADD COLUMN address TEXT NOT NULL DEFAULT '{}';
ALTER TABLE people ADD COLUMN default_alert BIGINT;
-- The stand-in for the person of a deleted login, who is a guest again.
ALTER TABLE people ADD COLUMN deleted_at BIGINT;
