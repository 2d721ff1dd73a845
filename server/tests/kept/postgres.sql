CREATE TABLE public._sqlx_migrations (
    version bigint NOT NULL,
    description text NOT NULL,
    installed_on timestamp with time zone DEFAULT now() NOT NULL,
    success boolean NOT NULL,
    checksum bytea NOT NULL,
    execution_time bigint NOT NULL
);

CREATE TABLE public.answers (
    id bigint NOT NULL,
    question_id bigint NOT NULL,
    user_id bigint NOT NULL,
    answer_text text NOT NULL,
    submitted_at timestamp with time zone NOT NULL,
    attempt integer NOT NULL,
    duration_ms bigint NOT NULL,
    idempotency_key text,
    CONSTRAINT answers_attempt_check CHECK ((attempt >= 1)),
    CONSTRAINT answers_duration_ms_check CHECK ((duration_ms >= 0))
);

ALTER TABLE public.answers ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.answers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.api_keys (
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    name text NOT NULL,
    prefix text NOT NULL,
    secret_hash bytea NOT NULL,
    scopes text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone,
    last_used_at timestamp with time zone
);

ALTER TABLE public.api_keys ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.api_keys_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.evaluations (
    id bigint NOT NULL,
    answer_id bigint NOT NULL,
    status text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    fence bigint DEFAULT 0 NOT NULL,
    due_at timestamp with time zone NOT NULL,
    lease_until timestamp with time zone,
    scores jsonb,
    feedback text,
    suggestions jsonb,
    details jsonb,
    grader_kind text,
    grader_name text,
    grader_version text,
    evaluated_at timestamp with time zone,
    failure_reason text,
    last_fault text,
    provenance jsonb,
    fingerprint bytea,
    user_id bigint NOT NULL,
    stands_at timestamp with time zone NOT NULL,
    CONSTRAINT evaluations_check CHECK (((status = 'completed'::text) = ((scores IS NOT NULL) AND (feedback IS NOT NULL) AND (suggestions IS NOT NULL) AND (details IS NOT NULL) AND (grader_kind IS NOT NULL) AND (evaluated_at IS NOT NULL)))),
    CONSTRAINT evaluations_check1 CHECK (((status = 'failed'::text) = (failure_reason IS NOT NULL))),
    CONSTRAINT evaluations_grader_kind_check CHECK ((grader_kind = ANY (ARRAY['offline'::text, 'model'::text]))),
    CONSTRAINT evaluations_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'completed'::text, 'failed'::text])))
);

CREATE TABLE public.interviews (
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    role text NOT NULL,
    level text NOT NULL,
    language text NOT NULL,
    job_description text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    idempotency_key text,
    request_hash bytea,
    model_calls bigint DEFAULT 0 NOT NULL,
    CONSTRAINT interviews_level_check CHECK ((level = ANY (ARRAY['junior'::text, 'mid'::text, 'senior'::text, 'staff'::text]))),
    CONSTRAINT interviews_role_check CHECK (((length(role) >= 1) AND (length(role) <= 100)))
);

CREATE TABLE public.questions (
    id bigint NOT NULL,
    interview_id bigint NOT NULL,
    question_text text NOT NULL,
    question_order integer NOT NULL,
    topic text NOT NULL,
    source text NOT NULL,
    bank_id text,
    parent_question_id bigint,
    reference_answer text NOT NULL,
    rubric jsonb NOT NULL,
    CONSTRAINT questions_question_order_check CHECK ((question_order >= 1)),
    CONSTRAINT questions_source_check CHECK ((source = ANY (ARRAY['bank'::text, 'model'::text, 'follow_up'::text])))
);

CREATE VIEW public.evaluated_answers AS
 SELECT answers.id AS answer_id,
    answers.question_id,
    answers.answer_text,
    answers.submitted_at,
    answers.attempt,
    (answers.attempt = ( SELECT max(others.attempt) AS max
           FROM public.answers others
          WHERE (others.question_id = answers.question_id))) AS is_latest,
    questions.interview_id,
    questions.question_order,
    questions.reference_answer,
    interviews.user_id AS owner_id,
    evaluations.status,
    evaluations.attempts,
    evaluations.due_at,
    evaluations.lease_until,
    evaluations.last_fault,
    evaluations.scores,
    evaluations.feedback,
    evaluations.suggestions,
    evaluations.details,
    evaluations.grader_kind,
    evaluations.grader_name,
    evaluations.grader_version,
    evaluations.provenance,
    evaluations.fingerprint,
    evaluations.evaluated_at,
    evaluations.failure_reason
   FROM (((public.answers
     JOIN public.evaluations ON ((evaluations.answer_id = answers.id)))
     JOIN public.questions ON ((questions.id = answers.question_id)))
     JOIN public.interviews ON ((interviews.id = questions.interview_id)));

ALTER TABLE public.evaluations ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.evaluations_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE public.interviews ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.interviews_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.model_calls (
    user_id bigint NOT NULL,
    day bigint NOT NULL,
    calls bigint NOT NULL,
    CONSTRAINT model_calls_calls_check CHECK ((calls >= 0))
);

CREATE TABLE public.model_days (
    day bigint NOT NULL,
    calls bigint NOT NULL,
    CONSTRAINT model_days_calls_check CHECK ((calls >= 0))
);

ALTER TABLE public.questions ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.questions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.refresh_tokens (
    token_hash bytea NOT NULL,
    session_id bigint NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    successor_hash bytea
);

CREATE TABLE public.sessions (
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone
);

ALTER TABLE public.sessions ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.sessions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.throttles (
    throttle_key bytea NOT NULL,
    full_at bigint NOT NULL
);

CREATE TABLE public.users (
    id bigint NOT NULL,
    username text NOT NULL,
    email text NOT NULL COLLATE pg_catalog."C",
    hashed_password text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT users_email_check CHECK ((length(email) <= 100)),
    CONSTRAINT users_username_check CHECK (((length(username) >= 3) AND (length(username) <= 50)))
);

ALTER TABLE public.users ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.users_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

INSERT INTO public._sqlx_migrations VALUES (1, 'accounts', '2026-11-30 21:41:22.423126+00', true, '\x5369542e6148fb91b5598028172071676fc9bfbd2513fdf671b8d38a166c034578a8e217972dbe332126231a7a90e025', 40224804);
INSERT INTO public._sqlx_migrations VALUES (2, 'interviews', '2026-11-30 21:41:22.464216+00', true, '\x3d2355ee3e24b90c81cded8ed9cac3dafc21f69a9012028f22f401cec6a4c1103e7f73161a4a95181a849a224f7d1d12', 108953247);
INSERT INTO public._sqlx_migrations VALUES (3, 'evaluated answers', '2026-11-30 21:41:22.577374+00', true, '\xc180e7fe6236f91ac88e387c77219e241a8880fa4fb7735a3989165d5a68c1cba1eec0f14b609af3f1d4a90d77a348d5', 25073442);
INSERT INTO public._sqlx_migrations VALUES (4, 'model', '2026-11-30 21:41:22.599325+00', true, '\x630c7b00949efda6ecb63f4fea567b924bdba1b03cc3696e23bab0111f9414e5b1de8386fc22f3c4df53682fdb48854a', 18592051);
INSERT INTO public._sqlx_migrations VALUES (5, 'line', '2026-11-30 21:41:22.618259+00', true, '\x94f3c307a358ab11174075c418a3a68732c9de379b0739ea6ebf9035ba9cfeedf96185f5bc976c7c10625297927b8c5d', 11938680);
INSERT INTO public._sqlx_migrations VALUES (6, 'sign in', '2026-11-30 21:41:22.630509+00', true, '\x477dd051b62f15cc0171ac53d797e1c9fad5570941904dfa8fe994b3e081ac3c3b561d81256907970aa6cb00c8c63e8d', 7277492);
INSERT INTO public._sqlx_migrations VALUES (7, 'api keys', '2026-11-30 21:41:22.638029+00', true, '\x46a242e2b29c886713fcbc777a30257e1921cff2c1ac3a3fb782bf7b7d803d174f9d857a839f1e92d28f1042e9ea03f4', 10941963);
INSERT INTO public._sqlx_migrations VALUES (8, 'spending', '2026-11-30 21:41:22.649225+00', true, '\xe235001a61baeef5f07d866f8e0302835de9617b7a9b6ef6722ba091c2d1ff586abf02d3cd210fea6985defa8bda4811', 8546929);

INSERT INTO public.answers OVERRIDING SYSTEM VALUE VALUES (1, 1, 3, 'I would measure first, then change one thing, because guessing costs more than it saves.
', '2026-11-30 21:41:43.23984+00', 1, 0, '668bb4222c64e27279d107c49f615f9c');
INSERT INTO public.answers OVERRIDING SYSTEM VALUE VALUES (2, 2, 3, 'I would add an index on the columns that the query filters by and look at the plan with EXPLAIN.
', '2026-11-30 21:41:58.746018+00', 1, 0, '808acb5711e58e30f9f429edadf5c481');

INSERT INTO public.api_keys OVERRIDING SYSTEM VALUE VALUES (1, 3, 'of before', 'viva_FFgjabeV', '\x1b3a41943e329a28c3d33e8fcef6e106f90018e072de5f579c67c5ef6bfab3f0', 'read practise grade', '2026-11-30 21:41:59.187808+00', NULL, NULL);

INSERT INTO public.evaluations OVERRIDING SYSTEM VALUE VALUES (1, 1, 'completed', 1, 2, '2026-11-30 21:41:43.23984+00', NULL, '{"quality": 2.4, "correctness": 2.3, "completeness": 0.1, "communication": 4.3}', 'This answer does not yet reach the heart of the question. Say in one plain sentence what you know about it, then build on that.

**What would make it stronger**

- Start from the slow query log or statement statistics to identify the exact query and parameters.
- Read the actual execution plan with EXPLAIN ANALYZE and look for full scans or bad joins.
- Compare estimated with actual row counts, since stale statistics or skewed data mislead the planner.
- Check whether the query is waiting on locks, IO or bloat rather than computing.
- Change one thing at a time, such as adding an index, and measure again afterwards.', '["Say this plainly: Read the actual execution plan with EXPLAIN ANALYZE and look for full scans or bad joins.", "Add this point: Read the actual execution plan with EXPLAIN ANALYZE and look for full scans or bad joins. Add this point: Compare estimated with actual row counts, since stale statistics or skewed data mislead the planner.", "Make one of the points first, then say why it is so."]', '{"key_points": [{"point": "Start from the slow query log or statement statistics to identify the exact query and parameters.", "weight": 0.18181818181818182, "coverage": 0.0, "evidence": ""}, {"point": "Read the actual execution plan with EXPLAIN ANALYZE and look for full scans or bad joins.", "weight": 0.2727272727272727, "coverage": 0.0, "evidence": ""}, {"point": "Compare estimated with actual row counts, since stale statistics or skewed data mislead the planner.", "weight": 0.2727272727272727, "coverage": 0.0, "evidence": ""}, {"point": "Check whether the query is waiting on locks, IO or bloat rather than computing.", "weight": 0.18181818181818182, "coverage": 0.0, "evidence": ""}, {"point": "Change one thing at a time, such as adding an index, and measure again afterwards.", "weight": 0.09090909090909091, "coverage": 0.0, "evidence": ""}], "explanations": [{"reason": "Nothing wrong stands out, but no point of a good answer could be found either.", "evidence": [], "dimension": "correctness", "next_step": "Say this plainly: Read the actual execution plan with EXPLAIN ANALYZE and look for full scans or bad joins."}, {"reason": "It makes none of the five points of a good answer.", "evidence": [], "dimension": "completeness", "next_step": "Add this point: Read the actual execution plan with EXPLAIN ANALYZE and look for full scans or bad joins. Add this point: Compare estimated with actual row counts, since stale statistics or skewed data mislead the planner."}, {"reason": "It gives reasons but stays general: few numbers, names or examples.", "evidence": [], "dimension": "quality", "next_step": "Make one of the points first, then say why it is so."}, {"reason": "It is very short, so the listener must guess what connects its parts.", "evidence": [], "dimension": "communication", "next_step": "Take two or three more sentences: what it is, why, and when it matters."}]}', 'offline', 'viva-offline', '2.1', '2026-11-30 21:41:43.381612+00', NULL, NULL, '{"note": "", "opinions": [], "duration_ms": 55, "model_calls": 0, "prompt_tokens": 0, "completion_tokens": 0}', NULL, 3, '2026-11-30 21:41:43.23984+00');
INSERT INTO public.evaluations OVERRIDING SYSTEM VALUE VALUES (2, 2, 'pending', 0, 0, '2026-11-30 21:41:58.746018+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 3, '2026-11-30 21:41:58.746018+00');

INSERT INTO public.interviews OVERRIDING SYSTEM VALUE VALUES (1, 3, 'Backend engineer', 'mid', 'en', '', '2026-11-30 21:41:42.88204+00', '5c2e2dc5c2bc02bbfb691c12a7098d21', '\xc8737ec0275e2b17c281f08baae44807e5b82db68e0b870e6e9f308798ddf69f', 0);

INSERT INTO public.questions OVERRIDING SYSTEM VALUE VALUES (1, 1, 'A query that used to take 20 milliseconds now takes 8 seconds in production, and nobody changed the SQL. How do you find out why?', 1, 'databases', 'bank', 'databases-slow-query', NULL, 'I start with evidence: the slow query log or the statement statistics give me the exact query, its parameters and when it became slow. Then I run EXPLAIN ANALYZE on production-like data and read the actual plan, looking for a sequential scan or a bad join order. The key thing is to compare estimated with actual row counts; when they differ a lot, the planner''s statistics are stale or the data has become skewed, so I refresh them with ANALYZE. I also check whether it is waiting rather than working: blocked on a lock, starved of IO, or wading through dead rows that vacuum has not removed. Then I change one thing, say an index, and measure again.', '{"mistakes": [{"claim": "As the SQL text is the same, the execution plan must be the same too, so the database hardware is the only possible cause.", "why_wrong": "The planner picks a plan from statistics and parameters, so the plan can flip although the text has not changed."}, {"claim": "I would add an index on every column in the WHERE clause straight away, since more indexes always make a query faster and I need no plan for that.", "why_wrong": "Without the plan it is guesswork; unneeded indexes slow writes and the planner may not use them at all."}], "key_points": [{"point": "Start from the slow query log or statement statistics to identify the exact query and parameters.", "weight": 2.0, "phrasings": ["First I look at monitoring to see which statement it is and since when.", "Something like pg_stat_statements tells me which statement takes the time.", "Capture the real query with its parameter values from the logs before guessing."]}, {"point": "Read the actual execution plan with EXPLAIN ANALYZE and look for full scans or bad joins.", "weight": 3.0, "phrasings": ["I would run explain to see whether it is scanning the whole table instead of using an index.", "The plan shows which node eats the time, such as a nested loop or a disk sort.", "Check whether the optimiser has switched to a different plan."]}, {"point": "Compare estimated with actual row counts, since stale statistics or skewed data mislead the planner.", "weight": 3.0, "phrasings": ["If the estimates are way off, update the statistics by running ANALYZE.", "The table grew and the optimiser still believes it is small.", "Data distribution changed, so the planner guesses wrong about how many rows come back."]}, {"point": "Check whether the query is waiting on locks, IO or bloat rather than computing.", "weight": 2.0, "phrasings": ["It might simply be blocked by another transaction holding a lock.", "Look at wait events, disk saturation and dead tuples.", "Maybe the server is overloaded or vacuum has fallen behind."]}, {"point": "Change one thing at a time, such as adding an index, and measure again afterwards.", "weight": 1.0, "phrasings": ["Try a fix, then verify with numbers that it helped.", "I would test a new index or rewrite and compare timings before and after.", "Confirm the improvement instead of piling on changes."]}]}');
INSERT INTO public.questions OVERRIDING SYSTEM VALUE VALUES (2, 1, 'Describe a situation where you realised that you would not meet a deadline others relied on. What did you do?', 2, 'teamwork', 'bank', 'teamwork-slipping-deadline', NULL, 'Last spring I was to deliver an export interface for a partner launch on the first of June. Three weeks before, I saw that their file format was far messier than specified and that I would need two extra weeks. I told my manager and the partner''s project lead the same day, with the reason and a new estimate instead of hoping to catch up. I brought options: launch with the two formats which covered eighty percent of the customers, get a colleague for a week, or move the date. Together we chose the smaller scope. I then sent a short status twice a week. We launched on time with two formats, and the others followed ten days later. Since then I test with real sample data before I promise a date.', '{"mistakes": [{"claim": "I kept silent and worked nights, hoping to make it, and told them on the due day that it was late.", "why_wrong": "Late news takes away everyone''s chance to adapt; early notice is what others need."}, {"claim": "I skipped all tests and reviews so the date was kept, since only the date counts.", "why_wrong": "Quietly cutting quality passes the risk to users and colleagues without their consent."}], "key_points": [{"point": "The candidate describes a real deadline, who relied on it and why it was at risk.", "weight": 2.0, "phrasings": ["We had to deliver before a fixed launch date and another team depended on my part.", "Marketing had planned a campaign around our release.", "I noticed that the code was much worse than expected and it would take two more weeks."]}, {"point": "The candidate told the people affected early, with reasons and a new estimate.", "weight": 3.0, "phrasings": ["I went to my manager the same day I knew it.", "Three weeks before, I warned the client openly.", "I raised the risk right away instead of hoping."]}, {"point": "The candidate offered options such as smaller scope, more help or a later date.", "weight": 3.0, "phrasings": ["I proposed to ship only the most important part first.", "We could get another developer or move the date.", "I suggested dropping two features."]}, {"point": "The candidate agreed on a plan with those affected and kept them informed.", "weight": 2.0, "phrasings": ["Together we decided to cut the scope, and I reported twice a week.", "Product picked one of the choices.", "I sent a short status update every few days."]}, {"point": "The candidate states the outcome and what they changed for later estimates.", "weight": 2.0, "phrasings": ["We went live on time with the core and the rest came ten days later.", "Since then I add a buffer or try real data first.", "In the end the customer was satisfied."]}]}');

INSERT INTO public.refresh_tokens VALUES ('\xcdd346784b89a603e0d0aa0b1be4b62619ec61c10c0f291fffca292df8411ab0', 1, '2027-11-30 21:41:40.534907+00', NULL, NULL);
INSERT INTO public.refresh_tokens VALUES ('\xac7bdb5617588382a13cdabd1715b720eae2a059087223cb660d4b9f23ed480b', 2, '2027-11-30 21:41:41.538475+00', NULL, NULL);
INSERT INTO public.refresh_tokens VALUES ('\x8973bf4b4b4bcce45d7d62e7e9a893ebedee5337518e524dc354982b0d86fef0', 3, '2027-11-30 21:41:42.5666+00', NULL, NULL);

INSERT INTO public.sessions OVERRIDING SYSTEM VALUE VALUES (1, 1, '2026-11-30 21:41:40.534907+00', NULL);
INSERT INTO public.sessions OVERRIDING SYSTEM VALUE VALUES (2, 2, '2026-11-30 21:41:41.538475+00', NULL);
INSERT INTO public.sessions OVERRIDING SYSTEM VALUE VALUES (3, 3, '2026-11-30 21:41:42.5666+00', NULL);

INSERT INTO public.throttles VALUES ('\x60fac25df8388d59eed8ad3e70dd883990d568714f9bb125392b43c71c777654', 1796074910023354);
INSERT INTO public.throttles VALUES ('\x9b9ebbdd5caf1f7972c6bfb7bc3e36946007418ba28e095a850270efbe0af8a0', 1796074911239102);
INSERT INTO public.throttles VALUES ('\x601f4a027cfe3c2a7fe81608b80bbc4f36684aaf76ccdd283a73e9bafcf45a2d', 1796074908469481);
INSERT INTO public.throttles VALUES ('\x0cda242e351c5df572a3708a12f294c55e4c94fa8aec1b78e3763196bb2950ad', 1796074912178292);

INSERT INTO public.users OVERRIDING SYSTEM VALUE VALUES (1, 'ada', 'ada@corpus.example', '$argon2id$v=19$m=19456,t=2,p=1$cM73SD9yYYERJwaRe3WRXw$wz2gzleWZ5iPJg9v2DbEQjYpgULCid43oJ4532J14KE', '2026-11-30 21:41:39.519579+00');
INSERT INTO public.users OVERRIDING SYSTEM VALUE VALUES (2, 'Ada', 'ada2@corpus.example', '$argon2id$v=19$m=19456,t=2,p=1$eF9rkhvrhBYFuMipl686wQ$q/EUEgYayltvyILnT3/XNNZ0R3nKUbouVUmM9tuiZQs', '2026-11-30 21:41:40.895403+00');
INSERT INTO public.users OVERRIDING SYSTEM VALUE VALUES (3, 'José María', 'Jose@Corpus.example', '$argon2id$v=19$m=19456,t=2,p=1$uE4ajt4kJH0VfmMThv+t6A$ElWrHdC10/MePJv0IikAy6FJcit3yJGUQVqQDbc+zc8', '2026-11-30 21:41:41.847781+00');

SELECT pg_catalog.setval('public.answers_id_seq', 2, true);

SELECT pg_catalog.setval('public.api_keys_id_seq', 1, true);

SELECT pg_catalog.setval('public.evaluations_id_seq', 2, true);

SELECT pg_catalog.setval('public.interviews_id_seq', 1, true);

SELECT pg_catalog.setval('public.questions_id_seq', 2, true);

SELECT pg_catalog.setval('public.sessions_id_seq', 3, true);

SELECT pg_catalog.setval('public.users_id_seq', 3, true);

ALTER TABLE ONLY public._sqlx_migrations
    ADD CONSTRAINT _sqlx_migrations_pkey PRIMARY KEY (version);

ALTER TABLE ONLY public.answers
    ADD CONSTRAINT answers_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.answers
    ADD CONSTRAINT answers_question_id_attempt_key UNIQUE (question_id, attempt);

ALTER TABLE ONLY public.answers
    ADD CONSTRAINT answers_user_id_idempotency_key_key UNIQUE (user_id, idempotency_key);

ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_prefix_key UNIQUE (prefix);

ALTER TABLE ONLY public.evaluations
    ADD CONSTRAINT evaluations_answer_id_key UNIQUE (answer_id);

ALTER TABLE ONLY public.evaluations
    ADD CONSTRAINT evaluations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.interviews
    ADD CONSTRAINT interviews_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.interviews
    ADD CONSTRAINT interviews_user_id_idempotency_key_key UNIQUE (user_id, idempotency_key);

ALTER TABLE ONLY public.model_calls
    ADD CONSTRAINT model_calls_pkey PRIMARY KEY (user_id, day);

ALTER TABLE ONLY public.model_days
    ADD CONSTRAINT model_days_pkey PRIMARY KEY (day);

ALTER TABLE ONLY public.questions
    ADD CONSTRAINT questions_interview_id_question_order_key UNIQUE (interview_id, question_order);

ALTER TABLE ONLY public.questions
    ADD CONSTRAINT questions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.refresh_tokens
    ADD CONSTRAINT refresh_tokens_pkey PRIMARY KEY (token_hash);

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.throttles
    ADD CONSTRAINT throttles_pkey PRIMARY KEY (throttle_key);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_username_key UNIQUE (username);

CREATE INDEX api_keys_by_user ON public.api_keys USING btree (user_id);

CREATE INDEX evaluations_by_fingerprint ON public.evaluations USING btree (fingerprint) WHERE ((fingerprint IS NOT NULL) AND (status = 'completed'::text));

CREATE INDEX evaluations_by_user ON public.evaluations USING btree (user_id, stands_at) WHERE (status = 'pending'::text);

CREATE INDEX evaluations_line ON public.evaluations USING btree (stands_at, id, due_at) WHERE (status = 'pending'::text);

CREATE INDEX interviews_by_user ON public.interviews USING btree (user_id, id);

CREATE INDEX questions_asked ON public.questions USING btree (bank_id) WHERE (bank_id IS NOT NULL);

CREATE INDEX questions_by_parent ON public.questions USING btree (parent_question_id) WHERE (parent_question_id IS NOT NULL);

CREATE INDEX refresh_tokens_by_session ON public.refresh_tokens USING btree (session_id);

CREATE INDEX sessions_by_user ON public.sessions USING btree (user_id);

CREATE UNIQUE INDEX users_by_email ON public.users USING btree (lower(email));

ALTER TABLE ONLY public.answers
    ADD CONSTRAINT answers_question_id_fkey FOREIGN KEY (question_id) REFERENCES public.questions(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.answers
    ADD CONSTRAINT answers_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.evaluations
    ADD CONSTRAINT evaluations_answer_id_fkey FOREIGN KEY (answer_id) REFERENCES public.answers(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.interviews
    ADD CONSTRAINT interviews_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.model_calls
    ADD CONSTRAINT model_calls_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.questions
    ADD CONSTRAINT questions_interview_id_fkey FOREIGN KEY (interview_id) REFERENCES public.interviews(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.questions
    ADD CONSTRAINT questions_parent_question_id_fkey FOREIGN KEY (parent_question_id) REFERENCES public.questions(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.refresh_tokens
    ADD CONSTRAINT refresh_tokens_session_id_fkey FOREIGN KEY (session_id) REFERENCES public.sessions(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

