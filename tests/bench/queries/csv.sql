WITH records AS (
    SELECT *, type = 'THREAT' AND subtype = 'url' AS url
    FROM read_csv('$log', delim=',', quote='"', escape='"', null_padding=true, strict_mode=false, header=false, auto_detect=false, columns={
        'version': 'VARCHAR', 'received': 'VARCHAR', 'serial': 'VARCHAR', 'type': 'VARCHAR', 'subtype': 'VARCHAR', 'config': 'VARCHAR',
        'generated': 'VARCHAR', 'source': 'VARCHAR', 'destination': 'VARCHAR', 'nat_source': 'VARCHAR', 'nat_destination': 'VARCHAR',
        'rule': 'VARCHAR', 'username': 'VARCHAR', 'other': 'VARCHAR', 'app': 'VARCHAR', 'vsys': 'VARCHAR', 'zone_from': 'VARCHAR',
        'zone_to': 'VARCHAR', 'inbound': 'VARCHAR', 'outbound': 'VARCHAR', 'log_action': 'VARCHAR', 'logged': 'VARCHAR', 'session': 'VARCHAR',
        'repeated': 'VARCHAR', 'sport': 'VARCHAR', 'dport': 'VARCHAR', 'nsport': 'VARCHAR', 'ndport': 'VARCHAR', 'flags': 'VARCHAR',
        'protocol': 'VARCHAR', 'action': 'VARCHAR', 'misc': 'VARCHAR', 'sent': 'VARCHAR', 'received_bytes': 'VARCHAR', 'm1': 'VARCHAR',
        'm2': 'VARCHAR', 'm3': 'VARCHAR', 'm4': 'VARCHAR', 'm5': 'VARCHAR', 'm6': 'VARCHAR', 'm7': 'VARCHAR', 'm8': 'VARCHAR', 'm9': 'VARCHAR',
        'm10': 'VARCHAR', 'm11': 'VARCHAR', 'm12': 'VARCHAR', 'm13': 'VARCHAR', 'm14': 'VARCHAR', 'm15': 'VARCHAR'})),
visits AS (
    SELECT lower(split_part(any_value(username), '\', -1)) AS username, source AS client,
        lower(regexp_extract(any_value(misc) FILTER (url), '^([^/:]+)', 1)) AS domain, any_value(destination) AS server,
        bool_or(regexp_matches(action, '^(deny|drop|block|reset)')) AS blocked, min(strptime(generated, '%Y/%m/%d %H:%M:%S')) AS time,
        sum(try_cast(sent AS BIGINT)) FILTER (NOT url) AS sent, sum(try_cast(received_bytes AS BIGINT)) FILTER (NOT url) AS received
    FROM records WHERE url OR (type = 'TRAFFIC' AND subtype <> 'start') GROUP BY serial, session, source)
SELECT username, client, domain, date_trunc('hour', time) AS hour, count(*) AS hits, count(*) FILTER (blocked) AS blocked,
    sum(sent) AS sent, sum(received) AS received, min(time) AS first, max(time) AS last
FROM visits GROUP BY ALL
