CREATE TABLE moz_places (id INTEGER PRIMARY KEY, url LONGVARCHAR, title LONGVARCHAR, rev_host LONGVARCHAR, visit_count INTEGER DEFAULT 0, hidden INTEGER DEFAULT 0 NOT NULL, last_visit_date INTEGER);
CREATE TABLE moz_historyvisits (id INTEGER PRIMARY KEY, from_visit INTEGER, place_id INTEGER, visit_date INTEGER, visit_type INTEGER, session INTEGER);
INSERT INTO moz_places VALUES (1, 'https://chat.example.com/c/1', 'A chat', 'moc.elpmaxe.tahc.', 1, 0, 1795075201123456), (2, 'https://ads.example.net/', NULL, 'ten.elpmaxe.sda.', 1, 1, 1795075202000000);
INSERT INTO moz_historyvisits (place_id, visit_date, visit_type) VALUES (1, 1795075201123456, 2), (2, 1795075202000000, 8);
