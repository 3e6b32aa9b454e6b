INSERT INTO apologies_incident (customer_id, order_id, kind, severity, responsibility, customer_effort, status,
    known_on, detected_at, detail, tells_of_treatment, resolution)
SELECT customer_id, id, kind, CASE WHEN kind <> 'late' THEN 'serious' WHEN mild THEN 'minor' ELSE 'moderate' END,
    'whole', 'none', 'open', promised_on + after, at, '', false, ''
FROM (SELECT o.*, a.at, a.today,
          delivered_at <= a.at AND (delivered_at AT TIME ZONE 'Europe/Berlin')::date <= promised_on + 3 AS mild,
          CASE WHEN is_void THEN 'cancelled'
               WHEN handed_to_carrier_at <= a.at AND (delivered_at IS NULL OR delivered_at > a.at)
                   AND promised_on <= a.today - 11 THEN 'lost' ELSE 'late' END AS kind,
          CASE WHEN is_void THEN 0
               WHEN handed_to_carrier_at <= a.at AND (delivered_at IS NULL OR delivered_at > a.at)
                   AND promised_on <= a.today - 11 THEN 11 ELSE 1 END AS after
      FROM customers_order o, bench_at a
      WHERE placed_at <= a.at AND promised_on BETWEEN a.today - 40 AND a.today
          AND (is_void AND NOT cancelled_by_customer OR NOT is_void AND promised_on < a.today
              AND (delivered_at IS NULL OR (delivered_at AT TIME ZONE 'Europe/Berlin')::date > promised_on))) f
WHERE promised_on + after BETWEEN today - 29 AND today
ON CONFLICT (order_id) WHERE follows_id IS NULL DO NOTHING;

INSERT INTO core_event (at, subject, subject_id, verb, from_status, to_status, reason, data)
SELECT a.at, 'apologies.incident', i.id, 'detected', '', 'open', '', jsonb_build_object('set', jsonb_build_object(
    'customer_id', i.customer_id, 'order_id', i.order_id, 'follows_id', i.follows_id, 'feedback_id', i.feedback_id,
    'cause_id', i.cause_id, 'kind', i.kind, 'severity', i.severity, 'responsibility', i.responsibility,
    'customer_effort', i.customer_effort, 'status', i.status, 'known_on', i.known_on, 'detected_at', i.detected_at, 'reported_by_id', i.reported_by_id,
    'resolved_at', i.resolved_at, 'resolution', i.resolution))
FROM apologies_incident i, bench_at a WHERE i.detected_at = a.at;

SET LOCAL enable_nestloop = off;

WITH candidate AS (
    SELECT i.id AS subject_id, i.customer_id, 'incident:' || o.external_id AS occasion, i.kind, i.known_on,
        jsonb_build_object('kind', i.kind, 'order', o.external_id, 'items', o.items, 'total', o.total::text,
            'placed_on', (o.placed_at AT TIME ZONE 'Europe/Berlin')::date, 'promised_on', o.promised_on,
            'delivered_on', CASE WHEN coalesce(o.delivered_at <= a.at, false)
                THEN (o.delivered_at AT TIME ZONE 'Europe/Berlin')::date END, 'known_on', i.known_on) AS facts
    FROM apologies_incident i JOIN customers_order o ON o.id = i.order_id, bench_at a
    WHERE i.status = 'open' AND i.known_on BETWEEN a.today - 29 AND a.today
), task AS (
    INSERT INTO worklist_caretask (key, play, customer_id, status, reach, owed, priority, due_at, zone, calls_from,
        calls_until, facts, attempts_made, attempts_allowed, notes, created_at, close_reason)
    SELECT 'apology:' || c.customer_id || ':' || c.occasion, 'apology', c.customer_id, 'waiting',
        CASE WHEN u.phone <> '' AND NOT EXISTS (SELECT 1 FROM customers_permission r WHERE r.customer_id = u.id
                 AND r.state = 'refused' AND r.purpose = 'service' AND r.channel = 'phone') THEN 'phone'
             WHEN u.email <> '' THEN 'email' ELSE 'find' END,
        true, 1, d.due_at, u.time_zone, p.calls_from, p.calls_until, c.facts, 0, 3, '', a.at, ''
    FROM candidate c JOIN customers_customer u ON u.id = c.customer_id JOIN bench_place p ON p.zone = u.time_zone
        JOIN bench_due d ON d.day = c.known_on AND d.n = 1, bench_at a
    ON CONFLICT (key) DO NOTHING RETURNING id, key
), enrollment AS (
    INSERT INTO campaigns_enrollment (campaign_id, play, customer_id, occasion, subject_id, kind, arm, task_id,
        occurred_at, due_at, enrolled_at, facts)
    SELECT k.id, 'apology', c.customer_id, c.occasion, c.subject_id, c.kind, 'treatment', t.id, d.starts, d.due_at,
        a.at, c.facts
    FROM candidate c JOIN bench_due d ON d.day = c.known_on AND d.n = 1
        JOIN task t ON t.key = 'apology:' || c.customer_id || ':' || c.occasion
        JOIN campaigns_campaign k ON k.play = 'apology', bench_at a
    ON CONFLICT DO NOTHING RETURNING id
)
INSERT INTO core_event (at, subject, subject_id, verb, from_status, to_status, reason, data)
SELECT a.at, 'worklist.caretask', id, 'created', '', 'waiting', '', '{}'::jsonb FROM task, bench_at a
UNION ALL
SELECT a.at, 'campaigns.enrollment', id, 'treatment', '', '', '', '{}'::jsonb FROM enrollment, bench_at a;

WITH offer AS (
    INSERT INTO apologies_offer (incident_id, task_id, status, words, compensation, amount, cost, currency, channel,
        letter_by, letter_first, departure, authors, proposed_at, decision_note, approved_hash, version, due_at,
        reminded, for_kind, for_severity, for_known_on, for_arrived)
    SELECT i.id, t.id, 'proposed', 'Dear ' || u.name || ', your order ' || o.external_id || ' of ' || o.placed_at
        || E' did not reach you as we had promised.\n\nThat is our fault, and I am sorry. '
        || repeat('We had your order and your promise in our hands, and we did not keep it. ', 10),
        'coupon', round(o.total * 0.2, 2), round(o.total * 0.2, 2), 'EUR', t.reach,
        CASE WHEN t.reach IN ('email', 'post') THEN t.reach WHEN t.reach <> 'phone' THEN ''
             WHEN u.email <> '' AND NOT EXISTS (SELECT 1 FROM customers_permission r WHERE r.customer_id = u.id
                 AND r.state = 'refused' AND r.purpose = 'service' AND r.channel = 'email')
                 AND NOT EXISTS (SELECT 1 FROM outreach_suppression s WHERE s.scope = 'all' AND s.lifted_at IS NULL
                     AND s.address = lower(trim(u.email))) THEN 'email'
             WHEN u.postcode <> '' AND u.city <> '' THEN 'post' ELSE '' END,
        false, '', '', a.at, '', '', 1, t.due_at, 0, i.kind, i.severity, i.known_on, coalesce(o.delivered_at <= a.at, false)
    FROM apologies_incident i JOIN customers_order o ON o.id = i.order_id JOIN customers_customer u ON u.id = i.customer_id
        JOIN campaigns_enrollment e ON e.play = 'apology' AND e.subject_id = i.id
        JOIN worklist_caretask t ON t.id = e.task_id, bench_at a
    WHERE i.status = 'open' RETURNING *
)
INSERT INTO core_event (at, subject, subject_id, verb, from_status, to_status, reason, data)
SELECT a.at, 'apologies.offer', id, 'proposed', '', 'proposed', '',
    jsonb_build_object('set', jsonb_build_object('incident_id', incident_id, 'task_id', task_id, 'for_kind', for_kind,
        'for_severity', for_severity, 'for_known_on', for_known_on, 'for_arrived', for_arrived, 'status', status,
        'words', words, 'compensation', compensation, 'amount', amount, 'cost', cost, 'currency', currency,
        'channel', channel, 'letter_by', letter_by, 'letter_first', letter_first, 'moment', moment,
        'departure', departure, 'authors', authors, 'proposed_by_id', proposed_by_id, 'proposed_at', proposed_at,
        'first_approved_by_id', first_approved_by_id, 'first_approved_at', first_approved_at,
        'decided_by_id', decided_by_id, 'decided_at', decided_at, 'decision_note', decision_note,
        'approved_hash', approved_hash, 'version', version, 'due_at', due_at, 'approver_id', approver_id,
        'lapses_at', lapses_at)) FROM offer, bench_at a;

WITH candidate AS (
    SELECT f.id AS subject_id, f.customer_id, 'feedback:' || f.external_id AS occasion, f.received_at,
        (f.received_at AT TIME ZONE 'Europe/Berlin')::date AS day, CASE WHEN f.score <= 2 THEN 1 ELSE 2 END AS n,
        jsonb_build_object('feedback', f.external_id, 'score', f.score, 'title', f.title, 'place', f.place,
            'received_on', (f.received_at AT TIME ZONE 'Europe/Berlin')::date) AS facts
    FROM feedback_feedbackitem f, bench_at a
    WHERE f.received_at <= a.at AND (f.status = 'waiting' OR f.closed_at > a.at)
        AND NOT EXISTS (SELECT 1 FROM campaigns_enrollment e WHERE e.play = 'feedback_reply'
            AND e.customer_id = f.customer_id AND e.occasion = 'feedback:' || f.external_id)
), task AS (
    INSERT INTO worklist_caretask (key, play, customer_id, status, reach, owed, priority, due_at, zone, calls_from,
        calls_until, facts, attempts_made, attempts_allowed, notes, created_at, close_reason)
    SELECT 'feedback_reply:' || c.customer_id || ':' || c.occasion, 'feedback_reply', c.customer_id, 'open',
        CASE WHEN u.email <> '' AND NOT EXISTS (SELECT 1 FROM customers_permission r WHERE r.customer_id = u.id
                 AND r.state = 'refused' AND r.purpose = 'service' AND r.channel = 'email') THEN 'email'
             WHEN u.phone <> '' THEN 'phone' ELSE 'public' END,
        true, 1, d.due_at, u.time_zone, p.calls_from, p.calls_until, c.facts, 0, 3, '', a.at, ''
    FROM candidate c JOIN customers_customer u ON u.id = c.customer_id JOIN bench_place p ON p.zone = u.time_zone
        JOIN bench_due d ON d.day = c.day AND d.n = c.n, bench_at a
    ON CONFLICT (key) DO NOTHING RETURNING id, key
), enrollment AS (
    INSERT INTO campaigns_enrollment (campaign_id, play, customer_id, occasion, subject_id, kind, arm, task_id,
        occurred_at, due_at, enrolled_at, facts)
    SELECT k.id, 'feedback_reply', c.customer_id, c.occasion, c.subject_id, '', 'treatment', t.id, c.received_at,
        d.due_at, a.at, c.facts
    FROM candidate c JOIN bench_due d ON d.day = c.day AND d.n = c.n
        JOIN task t ON t.key = 'feedback_reply:' || c.customer_id || ':' || c.occasion
        JOIN campaigns_campaign k ON k.play = 'feedback_reply', bench_at a
    ON CONFLICT DO NOTHING RETURNING id
)
INSERT INTO core_event (at, subject, subject_id, verb, from_status, to_status, reason, data)
SELECT a.at, 'worklist.caretask', id, 'created', '', 'open', '', '{}'::jsonb FROM task, bench_at a
UNION ALL
SELECT a.at, 'campaigns.enrollment', id, 'treatment', '', '', '', '{}'::jsonb FROM enrollment, bench_at a;

WITH spender AS (
    SELECT o.customer_id, sum(o.total) AS spent, max(o.placed_at) AS last_at, count(*) AS orders
    FROM customers_order o, bench_at a
    WHERE NOT o.is_void AND o.placed_at > a.at - interval '8760 hours' AND o.placed_at <= a.at
    GROUP BY o.customer_id HAVING sum(o.total) > 0
), ranked AS (
    SELECT s.*, row_number() OVER (ORDER BY spent DESC, last_at DESC, customer_id) AS place, count(*) OVER () AS n
    FROM spender s
), candidate AS MATERIALIZED (
    SELECT r.customer_id, 'vip:2026Q1' AS occasion, u.time_zone, u.phone,
        jsonb_build_object('spent', r.spent::text, 'orders', r.orders, 'place', r.place) AS facts,
        CASE WHEN EXISTS (SELECT 1 FROM campaigns_enrollment e WHERE e.play = 'vip_recognition'
                 AND e.customer_id = r.customer_id AND e.occasion = 'vip:2026Q1') THEN 'already_enrolled'
             WHEN EXISTS (SELECT 1 FROM campaigns_enrollment e WHERE e.play = 'vip_recognition'
                 AND e.customer_id = r.customer_id AND e.enrolled_at > a.at - interval '2160 hours')
                 OR EXISTS (SELECT 1 FROM worklist_attempt t JOIN worklist_caretask k ON k.id = t.task_id
                     WHERE t.customer_id = r.customer_id AND t.undone_at IS NULL AND k.play = 'vip_recognition'
                     AND t.ended_at > a.at - interval '2160 hours') THEN 'recognised_recently'
             WHEN EXISTS (SELECT 1 FROM customers_permission p WHERE p.customer_id = r.customer_id
                 AND p.channel = 'phone' AND p.state = 'refused') THEN 'refused_permission'
             WHEN EXISTS (SELECT 1 FROM apologies_incident i WHERE i.customer_id = r.customer_id
                 AND i.status = 'open') THEN 'open_incident'
             WHEN EXISTS (SELECT 1 FROM worklist_attempt t WHERE t.customer_id = r.customer_id
                     AND t.undone_at IS NULL AND t.ended_at > a.at - interval '336 hours')
                 OR EXISTS (SELECT 1 FROM effort_timeentry t WHERE t.customer_id = r.customer_id
                     AND t.started_at > a.at - interval '336 hours') THEN 'recent_contact'
             WHEN left(md5('vip_recognition:' || u.source || ':' || u.external_id), 8) < '19999999' THEN 'holdout'
             ELSE 'enrolled' END AS outcome
    FROM ranked r JOIN customers_customer u ON u.id = r.customer_id, bench_at a
    WHERE r.place <= (r.n * 5 + 99) / 100
), task AS (
    INSERT INTO worklist_caretask (key, play, customer_id, status, reach, owed, priority, due_at, expires_at, zone,
        calls_from, calls_until, facts, attempts_made, attempts_allowed, notes, created_at, close_reason)
    SELECT 'vip_recognition:' || c.customer_id || ':' || c.occasion, 'vip_recognition', c.customer_id, 'open',
        CASE WHEN c.phone <> '' THEN 'phone' ELSE 'find' END, false, 2, d.due_at, a.at + interval '720 hours',
        c.time_zone, p.calls_from, p.calls_until, c.facts, 0, 3, '', a.at, ''
    FROM candidate c JOIN bench_place p ON p.zone = c.time_zone, bench_due d, bench_at a
    WHERE c.outcome = 'enrolled' AND d.day = a.today AND d.n = 5
    ON CONFLICT (key) DO NOTHING RETURNING id, key
), enrollment AS (
    INSERT INTO campaigns_enrollment (campaign_id, play, customer_id, occasion, kind, arm, task_id, occurred_at,
        due_at, expires_at, enrolled_at, facts)
    SELECT k.id, 'vip_recognition', c.customer_id, c.occasion, '',
        CASE WHEN c.outcome = 'holdout' THEN 'holdout' ELSE 'treatment' END, t.id, a.at, d.due_at,
        a.at + interval '720 hours', a.at, c.facts
    FROM candidate c LEFT JOIN task t ON t.key = 'vip_recognition:' || c.customer_id || ':' || c.occasion
        JOIN campaigns_campaign k ON k.play = 'vip_recognition', bench_due d, bench_at a
    WHERE c.outcome IN ('enrolled', 'holdout') AND d.day = a.today AND d.n = 5
    ON CONFLICT DO NOTHING RETURNING id, arm
), refusal AS (
    INSERT INTO campaigns_refusal (campaign_id, customer_id, occasion, reason, first_seen_at, last_seen_at)
    SELECT k.id, c.customer_id, c.occasion, c.outcome, a.at, a.at
    FROM candidate c JOIN campaigns_campaign k ON k.play = 'vip_recognition', bench_at a
    WHERE c.outcome NOT IN ('enrolled', 'holdout', 'already_enrolled')
    ON CONFLICT (campaign_id, customer_id, occasion) DO UPDATE
    SET reason = excluded.reason, last_seen_at = excluded.last_seen_at
)
INSERT INTO core_event (at, subject, subject_id, verb, from_status, to_status, reason, data)
SELECT a.at, 'worklist.caretask', id, 'created', '', 'open', '', '{}'::jsonb FROM task, bench_at a
UNION ALL
SELECT a.at, 'campaigns.enrollment', id, arm, '', '', '', '{}'::jsonb FROM enrollment, bench_at a;

SET LOCAL enable_nestloop = on;

WITH candidate AS MATERIALIZED (
    SELECT o.id AS subject_id, o.customer_id, 'order:' || o.external_id AS occasion, u.time_zone, u.phone, o.placed_at,
        (o.placed_at AT TIME ZONE 'Europe/Berlin')::date AS day,
        jsonb_build_object('order', o.external_id, 'items', o.items, 'total', o.total::text,
            'placed_on', (o.placed_at AT TIME ZONE 'Europe/Berlin')::date) AS facts,
        CASE WHEN EXISTS (SELECT 1 FROM campaigns_enrollment e WHERE e.play = 'welcome'
                 AND e.customer_id = o.customer_id) THEN 'already_enrolled'
             WHEN EXISTS (SELECT 1 FROM customers_permission p WHERE p.customer_id = o.customer_id
                 AND p.channel = 'phone' AND p.state = 'refused') THEN 'refused_permission'
             WHEN EXISTS (SELECT 1 FROM apologies_incident i WHERE i.customer_id = o.customer_id
                 AND i.status = 'open') THEN 'open_incident'
             WHEN EXISTS (SELECT 1 FROM worklist_attempt t WHERE t.customer_id = o.customer_id
                     AND t.undone_at IS NULL AND t.ended_at > a.at - interval '336 hours')
                 OR EXISTS (SELECT 1 FROM effort_timeentry t WHERE t.customer_id = o.customer_id
                     AND t.started_at > a.at - interval '336 hours') THEN 'recent_contact'
             WHEN left(md5('welcome:' || u.source || ':' || u.external_id), 8) < '19999999' THEN 'holdout'
             ELSE 'enrolled' END AS outcome
    FROM customers_order o JOIN customers_customer u ON u.id = o.customer_id, bench_at a
    WHERE NOT o.is_void AND o.placed_at > a.at - interval '336 hours' AND o.placed_at <= a.at
        AND NOT EXISTS (SELECT 1 FROM customers_order e WHERE e.customer_id = o.customer_id AND NOT e.is_void
            AND (e.placed_at, e.id) < (o.placed_at, o.id))
), task AS (
    INSERT INTO worklist_caretask (key, play, customer_id, status, reach, owed, priority, due_at, expires_at, zone,
        calls_from, calls_until, facts, attempts_made, attempts_allowed, notes, created_at, close_reason)
    SELECT 'welcome:' || c.customer_id || ':' || c.occasion, 'welcome', c.customer_id, 'open',
        CASE WHEN c.phone <> '' THEN 'phone' ELSE 'find' END, false, 2, d.due_at, c.placed_at + interval '336 hours',
        c.time_zone, p.calls_from, p.calls_until, c.facts, 0, 3, '', a.at, ''
    FROM candidate c JOIN bench_place p ON p.zone = c.time_zone JOIN bench_due d ON d.day = c.day AND d.n = 1, bench_at a
    WHERE c.outcome = 'enrolled'
    ON CONFLICT (key) DO NOTHING RETURNING id, key
), enrollment AS (
    INSERT INTO campaigns_enrollment (campaign_id, play, customer_id, occasion, subject_id, kind, arm, task_id,
        occurred_at, due_at, expires_at, enrolled_at, facts)
    SELECT k.id, 'welcome', c.customer_id, c.occasion, c.subject_id, '',
        CASE WHEN c.outcome = 'holdout' THEN 'holdout' ELSE 'treatment' END, t.id, c.placed_at, d.due_at,
        c.placed_at + interval '336 hours', a.at, c.facts
    FROM candidate c LEFT JOIN task t ON t.key = 'welcome:' || c.customer_id || ':' || c.occasion
        JOIN bench_due d ON d.day = c.day AND d.n = 1 JOIN campaigns_campaign k ON k.play = 'welcome', bench_at a
    WHERE c.outcome IN ('enrolled', 'holdout')
    ON CONFLICT DO NOTHING RETURNING id, arm
), refusal AS (
    INSERT INTO campaigns_refusal (campaign_id, customer_id, occasion, reason, first_seen_at, last_seen_at)
    SELECT k.id, c.customer_id, c.occasion, c.outcome, a.at, a.at
    FROM candidate c JOIN campaigns_campaign k ON k.play = 'welcome', bench_at a
    WHERE c.outcome NOT IN ('enrolled', 'holdout', 'already_enrolled')
    ON CONFLICT (campaign_id, customer_id, occasion) DO UPDATE
    SET reason = excluded.reason, last_seen_at = excluded.last_seen_at
)
INSERT INTO core_event (at, subject, subject_id, verb, from_status, to_status, reason, data)
SELECT a.at, 'worklist.caretask', id, 'created', '', 'open', '', '{}'::jsonb FROM task, bench_at a
UNION ALL
SELECT a.at, 'campaigns.enrollment', id, arm, '', '', '', '{}'::jsonb FROM enrollment, bench_at a;
