//! The plans of the hot queries: they use indexes once there are many rows.

use sqlx::{AssertSqlSafe, Executor, PgConnection};

use super::{
    super::{
        answers::{GRADED, INTERVIEW_ANSWERED, STATUS},
        calls::ACCOUNT,
        dialect::claim,
        follow_ups::{FOLLOWED, PLACE},
        interviews::{BEFORE_CREATION, INTERVIEW, INTERVIEWS},
        memory::{MEMORY, TO_REMEMBER},
        search::SEARCH,
        sessions::ACTIVE,
    },
    open,
    scratch::{connect, with_database},
};
use crate::storage::Lifecycle;

/// Two thousand accounts, each with an interview of five answered questions, of which one in fifty is
/// waiting, and with five sessions, refresh tokens, API keys and budgets.
const MANY: [&str; 13] = [
    "INSERT INTO users (username, email, hashed_password, created_at)
     SELECT 'user' || n, 'user' || n || '@corpus.example', '', now()
     FROM generate_series(1, 2000) AS n",
    "INSERT INTO sessions (user_id, created_at)
     SELECT id, now() FROM users, generate_series(1, 5)",
    "INSERT INTO refresh_tokens (token_hash, session_id, expires_at, successor_hash)
     SELECT sha256(('token' || id)::bytea), id, now(), sha256(('token' || id + 1)::bytea)
     FROM sessions",
    "INSERT INTO api_keys (user_id, name, prefix, secret_hash, scopes, created_at)
     SELECT id, 'x', 'viva_' || id || 'x' || n, '', 'read', now()
     FROM users, generate_series(1, 5) AS n",
    "INSERT INTO throttles (throttle_key, full_at)
     SELECT sha256(('key' || n)::bytea), n FROM generate_series(1, 10000) AS n",
    "INSERT INTO interviews (user_id, role, level, language, job_description, created_at)
     SELECT id, 'x', 'mid', 'en', '', now() FROM users",
    "INSERT INTO questions (interview_id, question_text, question_order, topic, source,
                            bank_id, reference_answer, rubric)
     SELECT id, 'Why?', n, '', 'bank', 'why-' || n, '', '{}'
     FROM interviews, generate_series(1, 5) AS n",
    "INSERT INTO answers (question_id, user_id, answer_text, submitted_at, attempt, duration_ms)
     SELECT questions.id, user_id, repeat('because ', 20), now(), 1, 0
     FROM questions JOIN interviews ON interviews.id = interview_id",
    "INSERT INTO evaluations (answer_id, user_id, status, due_at, stands_at, failure_reason)
     SELECT id, user_id, CASE WHEN id % 50 = 0 THEN 'pending' ELSE 'failed' END, now(), now(),
            CASE WHEN id % 50 = 0 THEN NULL ELSE 'no key' END
     FROM answers",
    "INSERT INTO challenges (answer_id, point, words, challenged_at, details)
     SELECT id, 0, 'because', now(), '{}' FROM answers",
    "INSERT INTO self_assessments (answer_id, point, said, said_at)
     SELECT id, 0, 'yes', now() FROM answers",
    "INSERT INTO question_marks (user_id, bank_id, asked_as, question_text, topic, level, source,
                                 note, starred, wish, changed_at)
     SELECT user_id, bank_id, questions.id, 'Why?', '', 'mid', 'bank', '', true, 'none', now()
     FROM questions JOIN interviews ON interviews.id = interview_id",
    "INSERT INTO memory_points (user_id, bank_id, point_id, question_id, stability, difficulty,
                                rated_on, due_on, prompt, ratings)
     SELECT user_id, bank_id, 'point', questions.id, 1, 5, 0, 1, 0, 1
     FROM questions JOIN interviews ON interviews.id = interview_id",
];

/// The steps of a query's plan.
async fn plan(connection: &mut PgConnection, sql: &str) -> Vec<String> {
    let explain = AssertSqlSafe(format!("EXPLAIN {sql}"));
    sqlx::query_scalar(explain).fetch_all(connection).await.unwrap()
}

#[tokio::test]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn no_hot_query_reads_a_whole_table() {
    with_database(async |url| {
        open(&url).await.unwrap().close().await;
        let mut connection = connect(&url).await;
        for sql in MANY {
            connection.execute(sql).await.unwrap();
        }
        connection.execute("ANALYZE").await.unwrap();
        let filled = |sql: &str| {
            let times = sql.replace("<= $1", "<= now()").replace("= $2", "= now()");
            times.replace("$3", "16")
        };
        let called = [
            GRADED,
            INTERVIEW_ANSWERED,
            STATUS,
            INTERVIEW,
            INTERVIEWS,
            BEFORE_CREATION,
            ACCOUNT,
            MEMORY,
            TO_REMEMBER,
            FOLLOWED,
            PLACE,
        ];
        let called = called.map(|sql| {
            let sevens = ["$1", "$2", "$4"]
                .iter()
                .fold(sql.to_owned(), |sql, parameter| sql.replace(parameter, "7"));
            let sevens = sevens.replace("ends_at <= $3", "ends_at <= now()");
            sevens.replace("idempotency_key = $3", "idempotency_key = 'key'").replace("$3", "7")
        });
        let claim = filled(claim!());
        // The needles, from the last one down: "$1" also begins "$13".
        let search = (6..=13).rev().fold(SEARCH.to_owned(), |sql, parameter| {
            sql.replace(&format!("${parameter}"), "'because'")
        });
        let search = (1..=5).fold(search, |sql, n| sql.replace(&format!("${n}"), "7"));
        let sessions = ["$1", "$2"].iter().fold(ACTIVE.to_owned(), |sql, n| sql.replace(n, "7"));
        let sessions = sessions.replace("$3", "now()");
        let hot = [
            search.as_str(),
            sessions.as_str(),
            claim.as_str(),
            "SELECT user_id FROM sessions WHERE id = 7 AND ended_at IS NULL",
            // Each call by a key, and each recorded use of one.
            "SELECT id, user_id, secret_hash, scopes, expires_at, last_used_at
             FROM api_keys WHERE prefix = 'viva_7x1'",
            "SELECT 1 FROM api_keys WHERE id = 7 AND (expires_at IS NULL OR expires_at > now())",
            "UPDATE api_keys SET last_used_at = now()
             WHERE id = 7 AND (last_used_at IS NULL OR last_used_at <= now())",
            "SELECT id, name FROM api_keys WHERE user_id = 7 ORDER BY id DESC",
            // Each attempt at signing in.
            "SELECT full_at FROM throttles WHERE throttle_key = sha256('key7')",
            "UPDATE throttles SET full_at = 8 WHERE throttle_key = sha256('key7')",
            // Each refresh, and the ends of sessions.
            "SELECT session_id FROM refresh_tokens WHERE token_hash = sha256('token7')",
            "SELECT sessions.user_id, shown.used_at, successor.token_hash
             FROM refresh_tokens AS shown JOIN sessions ON sessions.id = shown.session_id
             LEFT JOIN refresh_tokens AS successor
                 ON successor.token_hash = shown.successor_hash AND successor.used_at IS NULL
             WHERE shown.token_hash = sha256('token7') AND sessions.ended_at IS NULL",
            "UPDATE sessions SET ended_at = now()
             WHERE user_id = 7 AND ended_at IS NULL AND id <> 7",
            "SELECT id, hashed_password FROM users
             WHERE username = 'user7' OR username_key = 'user7'",
            // What creating an interview records in marks.
            "UPDATE question_marks SET asked_as = asked.id FROM questions AS asked
             WHERE question_marks.user_id = 7 AND asked.interview_id = 7
                 AND asked.bank_id = question_marks.bank_id",
            // The list of marks, and the wishes for an interview.
            "SELECT bank_id, wish FROM question_marks WHERE user_id = 7 AND wish <> 'none'
             ORDER BY id DESC",
            "SELECT marks.id, asked.interview_id FROM question_marks AS marks
             LEFT JOIN questions AS asked ON asked.id = COALESCE(marks.asked_as, marks.question_id)
             WHERE user_id = 7 AND marks.id < 99 ORDER BY marks.id DESC LIMIT 20",
            "SELECT stands_at FROM evaluations WHERE user_id = 7 AND status = 'pending'
             ORDER BY stands_at DESC LIMIT 1 OFFSET 15",
            "SELECT min(CASE WHEN lease_until > due_at THEN lease_until ELSE due_at END)
             FROM evaluations WHERE status = 'pending'",
            "SELECT id FROM answers WHERE user_id = 7 AND idempotency_key = 'key'",
            "UPDATE evaluations SET lease_until = NULL
             WHERE status = 'pending' AND answer_id = 50 AND fence = 0",
            "DELETE FROM interviews WHERE id = 7",
            "SELECT 1 FROM evaluations JOIN answers ON answers.id = answer_id
             JOIN questions ON questions.id = question_id WHERE interview_id = 7
             ORDER BY answer_id FOR UPDATE OF evaluations",
        ];
        for sql in called.iter().map(String::as_str).chain(hot) {
            let plan = plan(&mut connection, sql).await;
            assert!(!plan.iter().any(|step| step.contains("Seq Scan")), "{sql}\n{plan:#?}");
            assert!(plan.iter().any(|step| step.contains("Index")), "{sql}\n{plan:#?}");
        }
        let claim = plan(&mut connection, &claim).await;
        let sorts = claim.iter().any(|step| step.contains("Sort"));
        assert!(!sorts, "the queue is read in its order\n{claim:#?}");
    })
    .await;
}
