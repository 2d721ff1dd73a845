//! What to review, and how well each topic is remembered.

use std::collections::BTreeMap;

use super::{Current, Memories};
use crate::{
    domain::{
        api_key::Bearer,
        day::Day,
        id::{PointId, QuestionId},
        memory::{Counts, DAILY_LIMIT, MemoryPoint, Reason, ReviewCandidate, drill, due},
    },
    memory::{calendar::Zone, scheduler::Scheduler},
    questions::points::BankPoint,
    services::ServiceResult,
};

/// Which points to review.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// The due points that the daily limit leaves, or with `more` up to a whole day's limit.
    Due {
        /// Whether to go beyond the daily limit.
        more: bool,
    },
    /// Two due points, two weak ones and a strong one.
    Drill,
}

/// A point to ask for.
#[derive(Debug, Clone, PartialEq)]
pub struct Review {
    /// The point.
    pub point_id: PointId,
    /// What to ask.
    pub prompt: String,
    /// The prompt's number, 1 for the first.
    pub prompt_number: i32,
    /// The topic's name.
    pub topic: String,
    /// Its title for people.
    pub topic_title: String,
    /// The question of the bank that the point belongs to.
    pub question: String,
    /// The question whose answer was last evaluated for it; `None` if it is deleted.
    pub question_id: Option<QuestionId>,
    /// When it is due.
    pub due_on: Day,
    /// Why it is asked for.
    pub reason: Reason,
    /// The probability that it is recalled today.
    pub recall: f32,
    /// How many evaluations and reviews have rated it.
    pub ratings: i32,
}

/// Points to review.
#[derive(Debug, Clone, PartialEq)]
pub struct Reviews {
    /// The points, in the order to ask for them.
    pub reviews: Vec<Review>,
    /// How many points there are to review.
    pub counts: Counts,
}

/// What an account remembers.
#[derive(Debug, Clone, PartialEq)]
pub struct Overview {
    /// How many points there are to review.
    pub counts: Counts,
    /// The topics, weakest first.
    pub topics: Vec<TopicMemory>,
    /// Today.
    pub today: Day,
    /// The time zone that decides which day is today.
    pub zone: Zone,
}

/// How well a topic is remembered.
#[derive(Debug, Clone, PartialEq)]
pub struct TopicMemory {
    /// Its name.
    pub topic: String,
    /// Its title for people.
    pub title: String,
    /// How many points can be asked for.
    pub points: usize,
    /// How many of these are due.
    pub due: usize,
    /// The mean probability that a point is recalled tomorrow.
    pub strength: f64,
}

/// A point that can be asked for, with its prompts.
type Askable<'a> = (&'a MemoryPoint, BankPoint<'a>);

impl Memories {
    /// Returns what the caller remembers, in the account's time zone or else in `zone`.
    pub async fn overview(&self, caller: Bearer, zone: Option<Zone>) -> ServiceResult<Overview> {
        let current = self.current(caller, zone.as_ref()).await?;
        let today = current.today();
        let mut topics: BTreeMap<&str, TopicMemory> = BTreeMap::new();
        for (point, asked) in self.askable(&current) {
            let topic = topics.entry(&asked.topic.name).or_insert_with(|| TopicMemory {
                topic: asked.topic.name.clone(),
                title: asked.topic.title.clone(),
                points: 0,
                due: 0,
                strength: 0.0,
            });
            topic.points += 1;
            topic.due += usize::from(point.is_due(today));
            topic.strength += f64::from(strength(point, today));
        }
        let mean = |topic: TopicMemory| {
            let strength = topic.strength / topic.points as f64;
            TopicMemory { strength, ..topic }
        };
        let mut topics: Vec<_> = topics.into_values().map(mean).collect();
        topics.sort_by(|one, other| one.strength.total_cmp(&other.strength));
        Ok(Overview { counts: self.counts(&current), topics, today, zone: current.zone })
    }

    /// Returns the points for the caller to review, in the order to ask for them.
    pub async fn reviews(
        &self,
        caller: Bearer,
        mode: Mode,
        zone: Option<Zone>,
    ) -> ServiceResult<Reviews> {
        let current = self.current(caller, zone.as_ref()).await?;
        let (today, counts) = (current.today(), self.counts(&current));
        let askable: Vec<_> = self.askable(&current).collect();
        let candidates: Vec<_> = askable
            .iter()
            .map(|(point, asked)| ReviewCandidate {
                topic: &asked.topic.name,
                is_due: point.is_due(today),
                strength: strength(point, today),
            })
            .collect();
        let chosen = match mode {
            Mode::Drill => drill(&candidates),
            Mode::Due { more } => {
                let most = if more { DAILY_LIMIT } else { counts.left_today };
                let due = due(&candidates).into_iter().take(most);
                due.map(|place| (place, Reason::Due)).collect()
            }
        };
        let review = |(place, reason): (usize, Reason)| {
            askable.get(place).map(|askable| review(askable, reason, today))
        };
        Ok(Reviews { reviews: chosen.into_iter().filter_map(review).collect(), counts })
    }

    /// How many points there are to review.
    pub(super) fn counts(&self, current: &Current) -> Counts {
        Counts::of(self.askable(current).map(|(point, _)| point), current.today())
    }

    /// Returns the points that are not forgotten and that the bank can ask for.
    fn askable<'a>(&'a self, current: &'a Current) -> impl Iterator<Item = Askable<'a>> {
        let points = current.known.points.iter().filter(|point| !point.is_forgotten);
        points.filter_map(|point| Some((point, self.points.find(&point.key)?)))
    }
}

/// Returns the probability that a point is recalled tomorrow. Today, one just missed seems strong.
fn strength(point: &MemoryPoint, today: Day) -> f32 {
    Scheduler::recall(point.state.trace, point.state.rated_on, today.after(1))
}

fn review((point, asked): &Askable<'_>, reason: Reason, today: Day) -> Review {
    let number = asked.next_prompt(point.state.prompt);
    Review {
        point_id: point.id,
        prompt: asked.prompt(number).unwrap_or_default().to_owned(),
        prompt_number: number,
        topic: asked.topic.name.clone(),
        topic_title: asked.topic.title.clone(),
        question: asked.question.text.clone(),
        question_id: point.state.question_id,
        due_on: point.state.due_on,
        reason,
        recall: Scheduler::recall(point.state.trace, point.state.rated_on, today),
        ratings: point.state.ratings,
    }
}
