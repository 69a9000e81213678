WITH visits AS (
    SELECT lower(split_part(Email, '@', 1)) AS username, SourceIP AS client, lower(DeviceName) AS device,
        lower(regexp_extract(URL, '^[a-z]+://([^/:?]+)', 1)) AS domain, DestinationIP AS server, Action LIKE 'block%' AS blocked,
        strptime(Datetime, '%Y-%m-%dT%H:%M:%SZ') AS time
    FROM read_json('$log', format='newline_delimited', columns={
        'Datetime': 'VARCHAR', 'Email': 'VARCHAR', 'SourceIP': 'VARCHAR', 'DeviceName': 'VARCHAR', 'DestinationIP': 'VARCHAR',
        'HTTPHost': 'VARCHAR', 'URL': 'VARCHAR', 'Action': 'VARCHAR'}))
SELECT username, client, device, domain, date_trunc('hour', time) AS hour, count(*) AS hits, count(*) FILTER (blocked) AS blocked,
    min(time) AS first, max(time) AS last
FROM visits GROUP BY ALL
