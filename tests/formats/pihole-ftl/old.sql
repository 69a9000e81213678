CREATE TABLE queries (id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp INTEGER NOT NULL, type INTEGER NOT NULL, status INTEGER NOT NULL, domain TEXT NOT NULL, client TEXT NOT NULL, forward TEXT);
INSERT INTO queries (timestamp, type, status, domain, client) VALUES (1795078800, 1, 2, 'files.example', '192.0.2.10'), (1795078801, 1, 18, 'ads.example', '2001:db8::11');
CREATE TABLE network (id INTEGER PRIMARY KEY, hwaddr TEXT NOT NULL, interface TEXT NOT NULL, name TEXT, firstSeen INTEGER NOT NULL, lastQuery INTEGER NOT NULL, numQueries INTEGER NOT NULL, macVendor TEXT);
CREATE TABLE network_addresses (network_id INTEGER NOT NULL, ip TEXT NOT NULL, lastSeen INTEGER NOT NULL);
INSERT INTO network VALUES (1, '02:00:00:00:00:10', 'eth0', 'desk-1', 1795000000, 0, 0, NULL), (2, '02:00:00:00:00:11', 'eth0', NULL, 1795010000, 0, 0, NULL);
INSERT INTO network_addresses VALUES (1, '192.0.2.10', 1795050000), (2, '192.0.2.10', 1795078860);
