-- Version 2: dictionaries that bodies are packed with. Never changed, never removed.
CREATE TABLE dictionary (
    number INTEGER PRIMARY KEY,
    body   BLOB NOT NULL
);
