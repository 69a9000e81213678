CREATE TEMP MACRO told(line, name) AS coalesce(
    nullif(regexp_extract(line, ' ' || name || '="([^"]*)"', 1), ''), nullif(regexp_extract(line, ' ' || name || '=([^ "]+)', 1), ''));
WITH records AS (
    SELECT told(line, 'user') AS username, told(line, 'srcip') AS client, told(line, 'srcmac') AS mac, told(line, 'srcname') AS device,
        told(line, 'hostname') AS host, told(line, 'dstip') AS server, told(line, 'type') AS type, told(line, 'action') AS action,
        told(line, 'sessionid') AS session, told(line, 'sentbyte')::BIGINT AS sent, told(line, 'rcvdbyte')::BIGINT AS received,
        make_timestamp_ns(told(line, 'eventtime')::BIGINT) AS time
    FROM read_csv('$log', delim='\x01', quote='', escape='', header=false, auto_detect=false, columns={'line': 'VARCHAR'})),
visits AS (
    SELECT lower(any_value(username)) AS username, client, any_value(mac) AS mac, any_value(device) AS device, lower(any_value(host)) AS domain,
        any_value(server) AS server, bool_or(action IN ('blocked', 'deny', 'denied', 'dropped')) AS blocked, min(time) AS time,
        sum(sent) FILTER (type = 'traffic') AS sent, sum(received) FILTER (type = 'traffic') AS received
    FROM records WHERE type IN ('traffic', 'utm') AND NOT (type = 'traffic' AND action = 'start') GROUP BY client, session)
SELECT username, client, mac, device, domain, date_trunc('hour', time) AS hour, count(*) AS hits, count(*) FILTER (blocked) AS blocked,
    sum(sent) AS sent, sum(received) AS received, min(time) AS first, max(time) AS last
FROM visits GROUP BY ALL
