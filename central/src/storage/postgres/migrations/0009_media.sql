-- survives: 5
-- 封緘ファイル記録簿: what was asked, allowed, made, opened and refused of sealed files; lines are only added, each linked to
-- the one before.

CREATE TABLE media_ledger (
    municipality text COLLATE "C" NOT NULL,
    number       bigint NOT NULL,             -- 1, 2, 3 … of the municipality
    about        text COLLATE "C" NOT NULL,   -- a 封緘番号, or what else it is about
    line         text COLLATE "C" NOT NULL,
    link         bytea NOT NULL,
    PRIMARY KEY (municipality, number)
);

CREATE INDEX media_ledger_about ON media_ledger (municipality, about);

-- on one machine only: Citus keeps no triggers of distributed tables.
CREATE FUNCTION media_ledger_stays() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'a line is never changed or deleted'; END $$;
CREATE TRIGGER media_ledger_stays BEFORE UPDATE OR DELETE ON media_ledger
    FOR EACH ROW EXECUTE FUNCTION media_ledger_stays();
