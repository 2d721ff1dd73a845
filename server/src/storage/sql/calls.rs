//! What calls read, each by one statement that also checks whether the caller's session is alive.

use async_trait::async_trait;

use super::{
    Query,
    answers::{GRADED, INTERVIEW_ANSWERED, STATUS},
    dialect::{Row, SqlStore, caller, from_sqlx, moment, open_session, submit},
    interviews::{BEFORE_CREATION, INTERVIEW, INTERVIEWS, interview_of},
    row::{self, get, time},
    search::{self, candidate},
    sessions::{ACTIVE, active},
};
use crate::{
    domain::{
        account::{ActiveSession, Caller},
        answer::Answer,
        api_key::Bearer,
        client_label::ClientLabel,
        clock::Timestamp,
        history::GradedAnswer,
        id::{AnswerId, InterviewId, SessionId},
        interview::Interview,
        search::{SearchCandidate, SearchCursor},
        trends::Totals,
    },
    storage::{
        InterviewStore, StoreResult,
        accounts::{Credentials, NewRefreshToken},
        answers::{NewAnswer, OwnedAnswer},
        calls::{BeforeCreation, CallStore, Checked, OwnAccount, Submitted},
        interviews::{Creation, RequestKey},
        throttles::LimitedAttempt,
    },
};

/// The caller's account, and whether another has its name.
pub(super) const ACCOUNT: &str = caller!(
    "SELECT caller.is_live, caller.now_at, users.id, username, email, created_at,
            time_zone, EXISTS (
         SELECT 1 FROM users AS others
         WHERE others.username_key = users.username_key AND others.id <> users.id
     ) AS shares_name
     FROM caller LEFT JOIN users ON caller.is_live AND users.id = $2"
);

/// A statement that begins with `caller!`, with the values for that part bound.
pub(super) fn as_caller(sql: &'static str, caller: Bearer) -> Query {
    let session = caller.session_id().map(SessionId::get);
    sqlx::query(sql).bind(session).bind(caller.user_id().get())
}

/// Such a statement without a session to check.
pub(super) fn as_nobody(sql: &'static str) -> Query {
    sqlx::query(sql).bind(None::<i64>).bind(0_i64)
}

impl SqlStore {
    /// The rows of such a statement, unless the session has ended. If nothing is found, there is one
    /// row of NULLs.
    pub(super) async fn checked(
        &self,
        query: impl Fn() -> Query + Send,
    ) -> StoreResult<Checked<Vec<Row>>> {
        let rows = self.rows(query).await?;
        let head = rows.first().ok_or_else(|| from_sqlx(sqlx::Error::RowNotFound))?;
        self.learn_clock(head)?;
        Ok(if get(head, "is_live")? { Checked::Live(rows) } else { Checked::Ended })
    }
}

/// Reads the rows, if the session is alive.
fn map<T>(
    checked: Checked<Vec<Row>>,
    read: impl FnOnce(&[Row]) -> StoreResult<T>,
) -> StoreResult<Checked<T>> {
    match checked {
        Checked::Ended => Ok(Checked::Ended),
        Checked::Live(rows) => read(&rows).map(Checked::Live),
    }
}

/// The rows in which this column is not NULL.
pub(super) fn found<'r>(rows: &'r [Row], column: &'static str) -> impl Iterator<Item = &'r Row> {
    rows.iter().filter(move |row| get::<Option<i64>>(row, column).is_ok_and(|id| id.is_some()))
}

#[async_trait]
impl CallStore for SqlStore {
    async fn account_of(&self, caller: Bearer) -> StoreResult<Checked<Option<OwnAccount>>> {
        let rows = self.checked(|| as_caller(ACCOUNT, caller)).await?;
        map(rows, |rows| {
            let Some(row) = found(rows, "id").next() else { return Ok(None) };
            Ok(Some(OwnAccount { user: row::user(row)?, shares_name: get(row, "shares_name")? }))
        })
    }

    async fn sessions_of(
        &self,
        caller: Caller,
        now: Timestamp,
    ) -> StoreResult<Checked<Vec<ActiveSession>>> {
        let query = || as_caller(ACTIVE, Bearer::Session(caller)).bind(moment(now));
        map(self.checked(query).await?, |rows| found(rows, "session_id").map(active).collect())
    }

    async fn interviews_of(
        &self,
        caller: Bearer,
        older_than: Option<InterviewId>,
        limit: u32,
    ) -> StoreResult<Checked<Vec<Interview>>> {
        let before = older_than.map_or(i64::MAX, InterviewId::get);
        let query = || as_caller(INTERVIEWS, caller).bind(before).bind(i64::from(limit));
        let rows = self.checked(query).await?;
        map(rows, |rows| found(rows, "interview_id").map(row::interview).collect())
    }

    async fn interview_for(
        &self,
        caller: Bearer,
        id: InterviewId,
    ) -> StoreResult<Checked<Option<Interview>>> {
        let rows = self.checked(|| as_caller(INTERVIEW, caller).bind(id.get())).await?;
        map(rows, interview_of)
    }

    async fn answered_interview_for(
        &self,
        caller: Bearer,
        id: InterviewId,
    ) -> StoreResult<Checked<Option<(Interview, Vec<Answer>)>>> {
        let rows = self.checked(|| as_caller(INTERVIEW_ANSWERED, caller).bind(id.get())).await?;
        map(rows, |rows| {
            let Some(interview) = interview_of(rows)? else { return Ok(None) };
            let answers = found(rows, "answer_id").map(row::answer).collect::<StoreResult<_>>()?;
            Ok(Some((interview, answers)))
        })
    }

    async fn answer_for(
        &self,
        caller: Bearer,
        id: AnswerId,
    ) -> StoreResult<Checked<Option<OwnedAnswer>>> {
        let rows = self.checked(|| as_caller(STATUS, caller).bind(id.get())).await?;
        map(rows, |rows| found(rows, "answer_id").next().map(row::owned_answer).transpose())
    }

    async fn graded_answers_of(
        &self,
        caller: Bearer,
        ahead: i64,
        week_from: i64,
    ) -> StoreResult<Checked<(Vec<GradedAnswer>, Totals)>> {
        let query = || as_caller(GRADED, caller).bind(ahead).bind(week_from);
        let rows = self.checked(query).await?;
        map(rows, |rows| {
            let totals = rows.first().map(row::totals).transpose()?.unwrap_or_default();
            let graded = found(rows, "interview_id").map(row::graded_answer);
            Ok((graded.collect::<StoreResult<_>>()?, totals))
        })
    }

    async fn search(
        &self,
        caller: Bearer,
        needles: &[String],
        after: Option<SearchCursor>,
        limit: u32,
    ) -> StoreResult<Checked<Vec<SearchCandidate>>> {
        let rows = self.checked(|| search::search(caller, needles, after, limit)).await?;
        map(rows, |rows| found(rows, "interview_id").map(candidate).collect())
    }

    async fn before_creation(
        &self,
        caller: Bearer,
        request: Option<&RequestKey>,
    ) -> StoreResult<Checked<BeforeCreation>> {
        let key = request.map(|request| request.key.as_str());
        let rows = match self.checked(|| as_caller(BEFORE_CREATION, caller).bind(key)).await? {
            Checked::Ended => return Ok(Checked::Ended),
            Checked::Live(rows) => rows,
        };
        let known = match (request, found(&rows, "known_id").next()) {
            (Some(request), Some(row)) => Some((request, row)),
            _ => None,
        };
        let Some((request, row)) = known else {
            let asked = rows.iter().filter_map(|row| match get::<Option<String>>(row, "bank_id") {
                Ok(None) => None,
                Ok(Some(id)) => Some(time(row, "asked_at").map(|asked_at| (id, asked_at))),
                Err(error) => Some(Err(error)),
            });
            let asked = asked.collect::<StoreResult<_>>()?;
            return Ok(Checked::Live(BeforeCreation::Asked(asked)));
        };
        let known = if get::<&[u8]>(row, "request_hash")? == request.request_hash {
            let id = InterviewId::new(get(row, "known_id")?);
            self.interview(id).await?.map(Creation::Repeated)
        } else {
            Some(Creation::KeyReused)
        };
        // Deleted meanwhile, so its key is free.
        let before = known.map(Box::new);
        let before = before.map_or(BeforeCreation::Asked(Vec::new()), BeforeCreation::Known);
        Ok(Checked::Live(before))
    }

    async fn submit(
        &self,
        caller: Bearer,
        interview: InterviewId,
        answer: NewAnswer,
    ) -> StoreResult<Checked<Submitted>> {
        submit(self, Some((caller, interview)), answer).await
    }

    async fn sign_in(
        &self,
        proven: Credentials,
        token: NewRefreshToken,
        now: Timestamp,
        most: u32,
        back: Vec<LimitedAttempt>,
        client: ClientLabel,
    ) -> StoreResult<Option<SessionId>> {
        open_session(self, proven, token, (now, most), back, client).await
    }
}
