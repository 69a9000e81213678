WITH records AS (
    SELECT * FROM read_json('$log', format='newline_delimited', columns={
        'timestamp': 'VARCHAR', 'event_type': 'VARCHAR', 'src_ip': 'VARCHAR', 'dest_ip': 'VARCHAR', 'flow_id': 'BIGINT',
        'dns': 'STRUCT(rrname VARCHAR)', 'http': 'STRUCT(hostname VARCHAR)', 'tls': 'STRUCT(sni VARCHAR)', 'alert': 'STRUCT(action VARCHAR)',
        'flow': 'STRUCT(bytes_toserver BIGINT, bytes_toclient BIGINT, action VARCHAR)'})),
visits AS (
    SELECT src_ip AS client, lower(any_value(coalesce(tls.sni, http.hostname, dns.rrname))) AS domain, any_value(dest_ip) AS server,
        bool_or(coalesce(alert.action = 'blocked', flow.action = 'drop', false)) AS blocked,
        min(strptime("timestamp", '%Y-%m-%dT%H:%M:%S.%f%z') AT TIME ZONE 'UTC') AS time,
        sum(flow.bytes_toserver) AS sent, sum(flow.bytes_toclient) AS received
    FROM records WHERE event_type IN ('dns', 'http', 'tls', 'flow', 'alert') GROUP BY flow_id, src_ip)
SELECT client, domain, date_trunc('hour', time) AS hour, count(*) AS hits, count(*) FILTER (blocked) AS blocked,
    sum(sent) AS sent, sum(received) AS received, min(time) AS first, max(time) AS last
FROM visits GROUP BY ALL
