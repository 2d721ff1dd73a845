//! How points enter the memory: from completed evaluations, when the memory is next read. Each is
//! taken once, because the transaction that writes its points also marks it as taken.

use std::collections::{BTreeMap, HashMap};

use super::Memories;
use crate::{
    domain::{
        clock::Timestamp,
        day::Day,
        id::UserId,
        memory::{EvaluatedAnswer, PointKey, PointState, Rating},
    },
    memory::calendar::Zone,
    services::{ServiceError, ServiceResult},
    storage::memory::{KnownMemory, Learnt},
};

/// How many evaluations are taken in one transaction: about five hundred points.
const AT_ONCE: u32 = 100;

impl Memories {
    /// Takes the points of some new evaluations into the account's memory; false if the memory has
    /// changed meanwhile.
    pub(super) async fn learn(
        &self,
        user_id: UserId,
        known: &KnownMemory,
        zone: &Zone,
        now: Timestamp,
    ) -> ServiceResult<bool> {
        let answers = self.store.answers_to_remember(user_id, now, AT_ONCE).await?;
        if answers.is_empty() {
            // Another call has taken them.
            return Ok(false);
        }
        let stood = known.points.iter().map(|point| (&point.key, &point.state)).collect();
        let mut points = BTreeMap::new();
        for answer in &answers {
            self.take(answer, zone.day_of(answer.answered_at), &stood, &mut points)?;
        }
        let answers = answers.iter().map(|answer| answer.id).collect();
        let learnt = Learnt { answers, points: points.into_iter().collect() };
        Ok(self.store.remember(user_id, known.revision, learnt).await?)
    }

    /// Rates the points that an answer was graded against, if the bank can ask for them.
    fn take(
        &self,
        answer: &EvaluatedAnswer,
        day: Day,
        stood: &HashMap<&PointKey, &PointState>,
        points: &mut BTreeMap<PointKey, PointState>,
    ) -> ServiceResult<()> {
        let found = answer.assessment.iter().flat_map(|assessment| &assessment.key_points);
        for found in found {
            let known = self.points.by_words(answer.bank_id.as_deref(), &found.point);
            let Some(known) = known else { continue };
            let key = known.key();
            let before = points.get(&key).or_else(|| stood.get(&key).copied());
            let is_first_sight = answer.is_first_sight && before.is_none();
            let rating = Rating::of(found.coverage, is_first_sight);
            let trace = before.map(|before| (before.trace, before.rated_on));
            let next = self.scheduler.rate(trace, rating, day).map_err(ServiceError::internal)?;
            let asked_by = known.prompt_in(&answer.question);
            let state = PointState {
                trace: next.trace,
                rated_on: before.map_or(day, |before| day.max(before.rated_on)),
                due_on: next.due_on,
                reviewed_on: before.and_then(|before| before.reviewed_on),
                prompt: before.map_or(asked_by, |before| {
                    if asked_by == 0 { before.prompt } else { asked_by }
                }),
                ratings: before.map_or(1, |before| before.ratings.saturating_add(1)),
                question_id: Some(answer.question_id),
            };
            points.insert(key, state);
        }
        Ok(())
    }
}
