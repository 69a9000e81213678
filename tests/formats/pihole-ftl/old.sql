CREATE TABLE queries (id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp INTEGER NOT NULL, type INTEGER NOT NULL, status INTEGER NOT NULL, domain TEXT NOT NULL, client TEXT NOT NULL, forward TEXT);
INSERT INTO queries (timestamp, type, status, domain, client) VALUES (1795078800, 1, 2, 'files.example', '192.0.2.10'), (1795078801, 1, 18, 'ads.example', '2001:db8::11');
