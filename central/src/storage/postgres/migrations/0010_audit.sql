-- survives: 10
-- 操作の記録: what was done with a municipality's people and records, and look-ups made and received; a chain for each
-- municipality, only ever added to. Beside it the mark by which a person is found by 氏名カナ and 生年月日. A program of
-- before would decide, and let imports take effect, without a line.

CREATE TABLE audit (
    municipality  text COLLATE "C" NOT NULL,
    position      bigint NOT NULL,           -- 1, 2, 3 … of the municipality
    recorded_at   bigint NOT NULL,
    account       text COLLATE "C" NOT NULL,
    kind          text COLLATE "C" NOT NULL,
    content       bytea NOT NULL,            -- JSON, as its link covers it; nothing of a person
    person        bytea,                     -- mark of the 宛名番号 of whom it is about
    sealed        bytea,                     -- who that is
    previous_link bytea NOT NULL,
    link          bytea NOT NULL,
    PRIMARY KEY (municipality, position)
);
CREATE INDEX audit_of_kinds ON audit (municipality, kind, position);
CREATE INDEX audit_of_accounts ON audit (municipality, account, recorded_at);
CREATE INDEX audit_of_people ON audit (municipality, person, position) WHERE person IS NOT NULL;

ALTER TABLE person_versions ADD COLUMN named bytea;

-- By what name and birth date somebody is found, or once was.
CREATE TABLE person_names (
    municipality text COLLATE "C" NOT NULL,
    named        bytea NOT NULL,
    person       bytea NOT NULL,
    import       bigint NOT NULL,
    PRIMARY KEY (municipality, named, person)
);

-- on one machine only: Citus keeps no triggers of distributed tables.
CREATE FUNCTION audit_stays() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'a line of the audit is never changed or deleted'; END $$;
CREATE TRIGGER audit_stays BEFORE UPDATE OR DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION audit_stays();
CREATE TRIGGER audit_is_not_emptied BEFORE TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_stays();
