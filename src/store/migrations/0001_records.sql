-- Version 1: records, their versions, the feed.
--
-- Types and other often repeated texts are numbers of `interned`. `home` is the placement of a
-- record (see docs/adr/0002-store-schema.md); it leads every key except those of `ids`, which
-- decides uniqueness, and of `version`, which is the feed and is kept in the order of changes.

CREATE TABLE counter (
    name  TEXT PRIMARY KEY,      -- 'key': the last RecordKey given away
    value INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE interned (
    number INTEGER PRIMARY KEY,
    text   TEXT NOT NULL UNIQUE
);

-- The authority of uniqueness: where (type, id) is. A row without one of `current` is a reservation.
-- `id` is a blob of 16 bytes when it is a lower-case UUID, else text; kq_id(id) gives the text.
CREATE TABLE ids (
    type INTEGER NOT NULL,
    id   NOT NULL,
    home INTEGER NOT NULL,
    key  INTEGER NOT NULL,
    PRIMARY KEY (type, id)
) WITHOUT ROWID;

-- Every version ever written, in the order of changes: this table is the feed.
CREATE TABLE version (
    change  INTEGER PRIMARY KEY,
    home    INTEGER NOT NULL,
    key     INTEGER NOT NULL,
    type    INTEGER NOT NULL,
    id      NOT NULL,
    version INTEGER NOT NULL,
    updated INTEGER NOT NULL,    -- milliseconds since 1970, never falling
    method  INTEGER NOT NULL,    -- 1 create, 2 update, 3 delete
    body    BLOB,                -- packed, NULL for a deletion
    rows    BLOB                 -- index rows written with it, for their later replacement
);
CREATE INDEX version_by_type ON version (type);

-- The newest version of every record; the records of one home lie side by side.
CREATE TABLE current (
    home    INTEGER NOT NULL,
    key     INTEGER NOT NULL,
    type    INTEGER NOT NULL,
    change  INTEGER NOT NULL,
    version INTEGER NOT NULL,
    deleted INTEGER NOT NULL,
    PRIMARY KEY (home, key)
) WITHOUT ROWID;

-- The versions before the newest. A record that was never changed has no row here.
CREATE TABLE superseded (
    home    INTEGER NOT NULL,
    key     INTEGER NOT NULL,
    version INTEGER NOT NULL,
    change  INTEGER NOT NULL,
    PRIMARY KEY (home, key, version)
) WITHOUT ROWID;

-- Private rows of services: accounts, sessions, bookmarks.
CREATE TABLE value (
    space TEXT NOT NULL,
    key   TEXT NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY (space, key)
) WITHOUT ROWID;

-- The index tables that exist. `number` stands in version.rows; a changed definition gets a new one.
CREATE TABLE index_table (
    number     INTEGER PRIMARY KEY,
    name       TEXT NOT NULL UNIQUE,
    definition TEXT NOT NULL,
    since      INTEGER NOT NULL   -- changes up to this one may lack rows
);
