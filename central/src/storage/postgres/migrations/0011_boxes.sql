-- survives: 10
-- 設定ファイルの箱 as they were handed out, and 復旧: whose sealed secrets were released. What a box holds is sealed; the codes
-- that open it are kept nowhere. Its tablets are those with a token of the same moment.

CREATE TABLE bundle_boxes (
    municipality    text COLLATE "C" NOT NULL,
    issued_at       bigint NOT NULL,
    expires_at      bigint NOT NULL,
    kind            text COLLATE "C" NOT NULL,
    made_by         text COLLATE "C" REFERENCES accounts,
    file            bytea NOT NULL,
    PRIMARY KEY (municipality, issued_at)
);

CREATE TABLE recovery_releases (
    municipality    text COLLATE "C" NOT NULL,
    tablet_number   bigint NOT NULL,
    released_at     bigint NOT NULL,
    asked_by        text COLLATE "C" NOT NULL REFERENCES accounts,
    allowed_by      text COLLATE "C" NOT NULL REFERENCES accounts,
    reason          text NOT NULL,
    PRIMARY KEY (municipality, tablet_number, released_at)
);
