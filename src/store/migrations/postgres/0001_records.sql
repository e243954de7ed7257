-- Version 1 of the PostgreSQL store: the tables of the SQLite store under the same names and columns,
-- and what its SQL needs beyond the standard. Why the tables are so: migrations/0001_records.sql and
-- docs/adr/0002-store-schema.md. Differences: a packed UUID in `id` is led by a zero byte; `version`
-- has `home` in its key; the numbers that run on stand in `writer`.

CREATE TABLE writer (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    epoch    bigint NOT NULL,     -- grows whenever a program takes the right to write
    groups   bigint NOT NULL,     -- committed groups, to tell after a lost connection what became of one
    change   bigint NOT NULL,
    key      bigint NOT NULL,
    text     bigint NOT NULL,
    updated  bigint NOT NULL
) WITH (fillfactor = 10);
INSERT INTO writer VALUES (true, 0, 0, 0, 0, 0, 0);

-- Ends a group of the holder of `taken`; whoever lost the right to write fails here.
CREATE FUNCTION kq_end_group(taken bigint, upto bigint, last_key bigint, last_text bigint, at bigint)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    ended bigint;
BEGIN
    UPDATE writer SET groups = groups + 1, change = upto, key = last_key, text = last_text, updated = at
        WHERE epoch = taken RETURNING groups INTO ended;
    IF ended IS NULL THEN
        RAISE EXCEPTION 'another program writes' USING ERRCODE = 'KQ001';
    END IF;
    RETURN ended;
END $$;

CREATE TABLE counter (
    name  text COLLATE "C" PRIMARY KEY,
    value bigint NOT NULL
);

CREATE TABLE interned (
    number bigint PRIMARY KEY,
    text   text COLLATE "C" NOT NULL,
    -- A hash, since texts may be longer than a B-tree takes.
    EXCLUDE USING hash (text WITH =)
);

CREATE TABLE ids (
    type bigint NOT NULL,
    id   bytea NOT NULL,
    home bigint NOT NULL,
    key  bigint NOT NULL,
    PRIMARY KEY (type, id)
);

CREATE TABLE version (
    change  bigint NOT NULL,
    home    bigint NOT NULL,
    key     bigint NOT NULL,
    type    bigint NOT NULL,
    id      bytea NOT NULL,
    version bigint NOT NULL,
    updated bigint NOT NULL,
    method  bigint NOT NULL,
    body    bytea,
    rows    bytea,
    PRIMARY KEY (change, home)
);
-- Packed already.
ALTER TABLE version ALTER body SET STORAGE EXTERNAL, ALTER rows SET STORAGE EXTERNAL;
CREATE INDEX version_by_type ON version (type, change);

CREATE TABLE current (
    home    bigint NOT NULL,
    key     bigint NOT NULL,
    type    bigint NOT NULL,
    change  bigint NOT NULL,
    version bigint NOT NULL,
    deleted bigint NOT NULL,
    PRIMARY KEY (home, key)
);

CREATE TABLE superseded (
    home    bigint NOT NULL,
    key     bigint NOT NULL,
    version bigint NOT NULL,
    change  bigint NOT NULL,
    PRIMARY KEY (home, key, version)
);

CREATE TABLE value (
    space text COLLATE "C" NOT NULL,
    key   text COLLATE "C" NOT NULL,
    value bytea NOT NULL,
    PRIMARY KEY (space, key)
);

CREATE TABLE index_table (
    number     bigint PRIMARY KEY,
    name       text NOT NULL UNIQUE,
    definition text NOT NULL,
    since      bigint NOT NULL
);

CREATE TABLE dictionary (
    number bigint PRIMARY KEY,
    body   bytea NOT NULL
);

-- Texts that compare by their bytes, whatever the database's language.
CREATE DOMAIN kq_text AS text COLLATE "C";

CREATE FUNCTION kq_id(id bytea) RETURNS kq_text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN octet_length(id) = 17 AND get_byte(id, 0) = 0
        THEN encode(substring(id FROM 2), 'hex')::uuid::text ELSE convert_from(id, 'UTF8') END
$$;

CREATE FUNCTION instr(whole text, part text) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT strpos(whole, part)::bigint
$$;

CREATE FUNCTION json_each(list text) RETURNS TABLE (value bigint)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 10 AS $$
    SELECT one::bigint FROM json_array_elements_text(list::json) one
$$;
