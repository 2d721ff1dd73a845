//! Follow-up questions: which parts of an answer they ask about.

use super::{
    evaluation::{Assessment, FALSE_CLAIM, GraderKind, KeyPointResult},
    id::{InterviewId, QuestionId, UserId},
    interview::Level,
    question::{KeyPoint, Mistake, Rubric},
    score::Dimension,
    timing::Withheld,
};

/// The most questions of an interview with its follow-ups, so that its report fits in one message.
pub const MOST_QUESTIONS: i32 = 30;

/// The most follow-ups to a question that the interviewer asks without being asked to.
const MOST_BY_ITSELF: usize = 2;

/// The coverage from which a point counts as made.
const MADE: f64 = 0.99;

/// A question with its latest evaluated answer and its follow-ups so far.
#[derive(Debug, Clone, PartialEq)]
pub struct FollowedQuestion {
    /// The account that was asked it.
    pub owner: UserId,
    /// Its interview.
    pub interview_id: InterviewId,
    /// The interview's level.
    pub level: Level,
    /// BCP 47 tag of the interview's language.
    pub language: String,
    /// The question.
    pub id: QuestionId,
    /// What was asked.
    pub text: String,
    /// Its id in the bank, if it is from the bank.
    pub bank_id: Option<String>,
    /// What its answers are graded against.
    pub rubric: Rubric,
    /// The latest answer with a completed evaluation, and what was found.
    pub answered: Option<(String, Assessment)>,
    /// Its follow-ups, oldest first.
    pub follow_ups: Vec<AskedFollowUp>,
    /// Until when its answers' evaluations are withheld.
    pub withheld: Withheld,
}

/// A follow-up that has been asked.
#[derive(Debug, Clone, PartialEq)]
pub struct AskedFollowUp {
    /// What was asked.
    pub text: String,
    /// What its answers are graded against.
    pub rubric: Rubric,
    /// Whether it has an answer.
    pub is_answered: bool,
}

/// A follow-up to store.
#[derive(Debug, Clone, PartialEq)]
pub struct NewFollowUp {
    /// The account that asks for it.
    pub user_id: UserId,
    /// The question that it follows.
    pub parent_id: QuestionId,
    /// What is asked.
    pub text: String,
    /// What its answers are graded against.
    pub rubric: Rubric,
}

/// What a follow-up asks about.
#[derive(Debug, Clone, PartialEq)]
pub struct Probe {
    /// The words of the answer that it is about; empty if the answer says nothing about it.
    pub quote: String,
    /// What is asked about.
    pub target: Target,
    /// The mistakes of the question's rubric, which an answer to the follow-up can make as well.
    pub mistakes: Vec<Mistake>,
}

/// The part of a rubric or answer that a follow-up asks about.
#[derive(Debug, Clone, PartialEq)]
pub enum Target {
    /// A point of the rubric that the answer lacks, makes in part or contradicts.
    Point(KeyPoint),
    /// A false claim of the answer.
    Claim(Mistake),
}

impl Probe {
    /// What a good answer to the follow-up says.
    pub fn point(&self) -> KeyPoint {
        match &self.target {
            Target::Point(point) => point.clone(),
            Target::Claim(mistake) => {
                KeyPoint { point: mistake.why_wrong.clone(), weight: 1.0, phrasings: Vec::new() }
            }
        }
    }

    /// What answers to the follow-up are graded against.
    pub fn rubric(&self) -> Rubric {
        let point = self.point();
        Rubric {
            reference: point.point.clone(),
            key_points: vec![point],
            mistakes: self.mistakes.clone(),
        }
    }
}

impl FollowedQuestion {
    /// Returns what a follow-up could ask about, most important first: what the answer got wrong,
    /// then the points that it lacks or makes in part, in order of the weight lost. What a
    /// follow-up has already asked about is left out.
    pub fn probes(&self) -> Vec<Probe> {
        let Some((_, assessment)) = &self.answered else { return Vec::new() };
        let wrong = self.wrong(assessment);
        let is_wrong = |point: &KeyPoint| matches!(&wrong, Some(Probe { target: Target::Point(known), .. }) if known == point);
        let mut lacking: Vec<(&KeyPoint, &KeyPointResult)> = self
            .found(assessment)
            .filter(|(point, found)| found.coverage < MADE && !is_wrong(point))
            .collect();
        let loss = |found: &KeyPointResult| found.weight * (1.0 - found.coverage);
        lacking.sort_by(|(_, one), (_, other)| loss(other).total_cmp(&loss(one)));
        let lacking = lacking
            .into_iter()
            .map(|(point, found)| self.probe(&found.evidence, Target::Point(point.clone())));
        let all: Vec<Probe> = wrong.iter().cloned().chain(lacking).collect();
        all.into_iter().filter(|probe| !self.has_asked(probe)).collect()
    }

    /// Whether the interviewer follows up on its own. It does if the answer gets something wrong,
    /// or addresses the question but loses at least half of an average point's weight at one point;
    /// and if all follow-ups so far have been answered and there are fewer than two.
    pub fn invites(&self) -> bool {
        let Some((_, assessment)) = &self.answered else { return false };
        let are_answered = self.follow_ups.iter().all(|asked| asked.is_answered);
        if self.follow_ups.len() >= MOST_BY_ITSELF || !are_answered {
            return false;
        }
        let says_something = self.found(assessment).any(|(_, found)| found.coverage > 0.0);
        let probes = self.probes();
        let Some(first) = probes.first() else { return false };
        match &first.target {
            Target::Claim(_) => true,
            _ if self.wrong(assessment).is_some_and(|wrong| wrong == *first) => true,
            Target::Point(point) => {
                let average = 1.0 / self.rubric.key_points.len().max(1) as f64;
                let mut lacking = self.found(assessment).filter(|(known, _)| *known == point);
                let loss = |found: &KeyPointResult| found.weight * (1.0 - found.coverage);
                says_something && lacking.any(|(_, found)| loss(found) >= average / 2.0)
            }
        }
    }

    /// Pairs each point of the rubric with what was found of it.
    fn found<'a>(
        &'a self,
        assessment: &'a Assessment,
    ) -> impl Iterator<Item = (&'a KeyPoint, &'a KeyPointResult)> {
        self.rubric.key_points.iter().filter_map(|point| {
            let found = assessment.key_points.iter().find(|found| found.point == point.point)?;
            Some((point, found))
        })
    }

    /// Returns what the answer got wrong: the words that lowered correctness, and the mistake or
    /// point that the explanation names. A language model may name one that is not in the rubric.
    fn wrong(&self, assessment: &Assessment) -> Option<Probe> {
        let mut explanations = assessment.explanations.iter();
        let found = explanations.find(|one| one.dimension == Dimension::Correctness)?;
        let shows_a_point = |quote: &String| {
            assessment
                .key_points
                .iter()
                .any(|point| point.coverage > 0.0 && point.evidence == *quote)
        };
        let quote = found.evidence.iter().find(|quote| !shows_a_point(quote))?;
        let names = |text: &str| found.reason.contains(text);
        let mistake = self.rubric.mistakes.iter().find(|one| names(&one.why_wrong));
        if let Some(mistake) = mistake {
            return Some(self.probe(quote, Target::Claim(mistake.clone())));
        }
        if let Some(point) = self.rubric.key_points.iter().find(|one| names(&one.point)) {
            return Some(self.probe(quote, Target::Point(point.clone())));
        }
        let why_wrong = found.reason.strip_prefix(FALSE_CLAIM)?.trim().to_owned();
        let is_of_a_model = assessment.grader.kind == GraderKind::Model;
        let claim = Mistake { claim: quote.clone(), why_wrong };
        is_of_a_model.then(|| self.probe(quote, Target::Claim(claim)))
    }

    fn probe(&self, quote: &str, target: Target) -> Probe {
        Probe { quote: quote.to_owned(), target, mistakes: self.rubric.mistakes.clone() }
    }

    fn has_asked(&self, probe: &Probe) -> bool {
        let wanted = probe.point().point;
        let mut points = self.follow_ups.iter().flat_map(|asked| &asked.rubric.key_points);
        points.any(|point| point.point == wanted)
    }
}
