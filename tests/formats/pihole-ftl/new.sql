CREATE TABLE query_storage (id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp INTEGER NOT NULL, type INTEGER NOT NULL, status INTEGER NOT NULL, domain INTEGER NOT NULL, client INTEGER NOT NULL, forward INTEGER);
CREATE TABLE domain_by_id (id INTEGER PRIMARY KEY, domain TEXT NOT NULL);
CREATE TABLE client_by_id (id INTEGER PRIMARY KEY, ip TEXT NOT NULL, name TEXT);
CREATE VIEW queries AS SELECT id, timestamp, type, status, 'view.example' AS domain, 'view' AS client FROM query_storage;
INSERT INTO domain_by_id VALUES (1, 'files.example'), (2, 'ads.example'), (3, '10.2.0.192.in-addr.arpa');
INSERT INTO client_by_id VALUES (1, '192.0.2.10', 'desk-1'), (2, '192.0.2.11', NULL);
INSERT INTO query_storage (timestamp, type, status, domain, client) VALUES (1795078800.25, 1, 2, 1, 1), (1795078801, 2, 1, 2, 2), (1795078802, 1, 0, 1, 2), (1795078803, 6, 3, 3, 1), (1795078804, 1, 17, 'inline.example', '192.0.2.12'), (1795078805, 1, 2, 99, 1), ('soon', 1, 2, 1, 1), (1795078806, 1, 2, x'ff00', 1);
