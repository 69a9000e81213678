WITH visits AS (
    SELECT username, "id.orig_h" AS client, lower(host) AS domain, "id.resp_h" AS server, false AS blocked,
        make_timestamp((ts::DOUBLE * 1e6)::BIGINT) AS time, request_body_len::BIGINT AS sent, response_body_len::BIGINT AS received
    FROM read_csv('$log', delim='\t', quote='', escape='', comment='#', nullstr='-', header=false, auto_detect=false, columns={
        'ts': 'VARCHAR', 'uid': 'VARCHAR', 'id.orig_h': 'VARCHAR', 'id.orig_p': 'VARCHAR', 'id.resp_h': 'VARCHAR', 'id.resp_p': 'VARCHAR',
        'trans_depth': 'VARCHAR', 'method': 'VARCHAR', 'host': 'VARCHAR', 'uri': 'VARCHAR', 'referrer': 'VARCHAR', 'version': 'VARCHAR',
        'user_agent': 'VARCHAR', 'origin': 'VARCHAR', 'request_body_len': 'VARCHAR', 'response_body_len': 'VARCHAR', 'status_code': 'VARCHAR',
        'status_msg': 'VARCHAR', 'info_code': 'VARCHAR', 'info_msg': 'VARCHAR', 'tags': 'VARCHAR', 'username': 'VARCHAR', 'password': 'VARCHAR',
        'proxied': 'VARCHAR', 'orig_fuids': 'VARCHAR', 'orig_filenames': 'VARCHAR', 'orig_mime_types': 'VARCHAR', 'resp_fuids': 'VARCHAR',
        'resp_filenames': 'VARCHAR', 'resp_mime_types': 'VARCHAR'}))
SELECT username, client, domain, date_trunc('hour', time) AS hour, count(*) AS hits, count(*) FILTER (blocked) AS blocked,
    sum(sent) AS sent, sum(received) AS received, min(time) AS first, max(time) AS last
FROM visits GROUP BY ALL
