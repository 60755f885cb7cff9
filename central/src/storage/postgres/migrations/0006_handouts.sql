-- survives: 5
-- 配布の記録: bundles that were revoked, tablets whose place another took, positions that were declared lost.

ALTER TABLE enrolment_tokens ADD COLUMN revoked_at bigint;
ALTER TABLE enrolment_tokens ADD COLUMN revoked_by text COLLATE "C";
ALTER TABLE enrolment_tokens ADD COLUMN revoke_reason text;

CREATE TABLE replaced_tablets (
    municipality    text COLLATE "C" NOT NULL,
    tablet_number   bigint NOT NULL,
    replaced_by     bigint NOT NULL,
    replaced_at     bigint NOT NULL,
    declared_by     text COLLATE "C" NOT NULL REFERENCES accounts,
    reason          text NOT NULL,
    version         bigint NOT NULL,
    PRIMARY KEY (municipality, tablet_number)
);

CREATE TABLE lost_positions (
    municipality    text COLLATE "C" NOT NULL,
    tablet_number   bigint NOT NULL,
    epoch           bigint NOT NULL,
    first           bigint NOT NULL,
    last            bigint NOT NULL,
    declared_at     bigint NOT NULL,
    declared_by     text COLLATE "C" NOT NULL REFERENCES accounts,
    reason          text NOT NULL,
    PRIMARY KEY (municipality, tablet_number, epoch, first, last)
);
