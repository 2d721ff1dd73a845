//! Verifies that a quote shows the point for which it is quoted. A quote can be genuine and prove nothing,
//! so the built-in judge reads its passage alone: the sentences that the quote touches. Passages in
//! other languages are read in translation. Stories are checked for what stories contain.

use super::{
    baseline::{Baseline, question_and_points},
    credit::{Credit, QuoteVerdict, award},
    grading_talk,
    quotes::Quoted,
    story, terms,
    thresholds::WORDS_OF_A_LANGUAGE,
    translation::English,
};
use crate::{
    domain::{
        interview::is_english,
        question::{KeyPoint, Rubric},
    },
    evaluation::{EvaluationFault, offline::OfflineEvaluator, passage::passage},
    storage::queue::Job,
};

/// The quotes of a reply with their passages.
pub(super) struct Verification<'a> {
    job: &'a Job,
    quoted: &'a [Quoted],
    /// One for each quote.
    passages: Vec<Passage<'a>>,
    is_rubric_foreign: bool,
    is_answer_foreign: bool,
}

struct Passage<'a> {
    text: &'a str,
    /// Whether the judge cannot read it.
    is_foreign: bool,
}

impl<'a> Verification<'a> {
    /// Finds the passages, and which of them the judge can read.
    pub(super) async fn new(
        job: &'a Job,
        quoted: &'a [Quoted],
        built_in: &OfflineEvaluator,
    ) -> Result<Self, EvaluationFault> {
        let answer = &job.answer;
        let passages: Vec<&str> = quoted
            .iter()
            .map(|quoted| answer.get(passage(answer, &quoted.place)).unwrap_or_default())
            .collect();
        let mut texts = vec![question_and_points(&job.question, &job.rubric), answer.clone()];
        texts.extend(passages.iter().map(|text| (*text).to_owned()));
        let mut reads = built_in.reads(texts).await?.into_iter();
        let is_rubric_foreign = reads.next() == Some(false);
        let is_answer_foreign = reads.next() == Some(false);
        let doubtful = is_answer_foreign || (is_short(answer) && !is_english(&job.language));
        let passages = passages.into_iter().zip(reads).map(|(text, reads)| Passage {
            text,
            is_foreign: !reads || (doubtful && is_short(text)),
        });
        let passages = passages.collect();
        Ok(Self { job, quoted, passages, is_rubric_foreign, is_answer_foreign })
    }

    /// The passages that still need a translation, each once.
    pub(super) fn foreign_passages(&self, known: &English) -> Vec<String> {
        let foreign = self.passages.iter().filter(|passage| passage.is_foreign);
        unknown(foreign.map(|passage| passage.text.to_owned()), known)
    }

    /// The question and the points, if they still need a translation.
    pub(super) fn foreign_rubric(&self, known: &English) -> Vec<String> {
        if !self.is_rubric_foreign || self.quoted.is_empty() {
            return Vec::new();
        }
        unknown(rubric_texts(self.job).into_iter(), known)
    }

    /// The credit that the quotes earn.
    pub(super) async fn credit(
        &self,
        built_in: &OfflineEvaluator,
        baseline: &Baseline,
        known: &English,
    ) -> Result<Credit, EvaluationFault> {
        let verdicts = self.verdicts(built_in, baseline, known).await?;
        Ok(award(&self.job.rubric, &self.job.answer, self.quoted, &verdicts))
    }

    async fn verdicts(
        &self,
        built_in: &OfflineEvaluator,
        baseline: &Baseline,
        known: &English,
    ) -> Result<Vec<QuoteVerdict>, EvaluationFault> {
        let Some((question, rubric)) = self.rubric_in_english(known) else {
            return Ok(vec![QuoteVerdict::Untranslated; self.quoted.len()]);
        };
        let passages: Vec<_> = self.passages.iter().map(|p| p.in_english(known)).collect();
        let subject = question_and_points(&question, &rubric);
        if story::is_asked_for(&question) && self.is_story(baseline, &passages) {
            return Ok(passages.into_iter().map(|text| in_a_story(text, &subject)).collect());
        }
        let readable = self.quoted.iter().zip(&passages);
        let pairs = readable.filter_map(|(quoted, text)| Some((quoted.point, text.clone()?)));
        let mut judged = built_in.shows(&question, &rubric, pairs.collect()).await?.into_iter();
        let whole = self.whole(built_in, baseline, &passages, (&question, &rubric)).await?;
        let verdict = |(quoted, text): (&Quoted, &Option<String>)| match text
            .as_ref()
            .and_then(|text| Some((text, judged.next()?)))
        {
            None => QuoteVerdict::Untranslated,
            Some((text, _)) if claims_nothing(text, &subject) => QuoteVerdict::ClaimsNothing,
            Some((text, shown)) if whole.finds_in(quoted.point, text) => {
                QuoteVerdict::FoundInPassage(shown)
            }
            Some((_, shown)) if whole.finds(quoted.point) => QuoteVerdict::FoundInAnswer(shown),
            Some((_, shown)) => QuoteVerdict::Judged(shown),
        };
        Ok(self.quoted.iter().zip(&passages).map(verdict).collect())
    }

    /// What the built-in grader finds in the whole answer. If it cannot read the answer or the
    /// rubric, it grades the English passages instead.
    async fn whole(
        &self,
        built_in: &OfflineEvaluator,
        baseline: &Baseline,
        passages: &[Option<String>],
        asked: (&str, &Rubric),
    ) -> Result<Baseline, EvaluationFault> {
        if !self.is_answer_foreign && !self.is_rubric_foreign {
            return Ok(baseline.clone());
        }
        Baseline::to(asked, &together(passages), built_in, &self.job.hold).await
    }

    /// Whether the answer tells a story, as far as it is available in English.
    fn is_story(&self, baseline: &Baseline, passages: &[Option<String>]) -> bool {
        if baseline.has_read && baseline.refuses {
            return false;
        }
        if !self.is_answer_foreign {
            return story::is_told(&self.job.answer);
        }
        story::is_told(&together(passages))
    }

    fn rubric_in_english(&self, known: &English) -> Option<(String, Rubric)> {
        let Job { question, rubric, .. } = self.job;
        if !self.is_rubric_foreign {
            return Some((question.clone(), rubric.clone()));
        }
        let points = rubric.key_points.iter().map(|point| {
            let english = known.get(&point.point)?.clone();
            Some(KeyPoint { point: english, weight: point.weight, phrasings: Vec::new() })
        });
        let key_points = points.collect::<Option<Vec<_>>>()?;
        Some((known.get(question)?.clone(), Rubric { key_points, ..Rubric::default() }))
    }
}

impl Passage<'_> {
    fn in_english(&self, known: &English) -> Option<String> {
        if self.is_foreign { known.get(self.text).cloned() } else { Some(self.text.to_owned()) }
    }
}

/// The passages that are available in English, each once.
fn together(passages: &[Option<String>]) -> String {
    let mut told: Vec<&str> = Vec::new();
    for passage in passages.iter().flatten() {
        if !told.contains(&passage.as_str()) {
            told.push(passage);
        }
    }
    told.join("\n")
}

fn claims_nothing(passage: &str, subject: &str) -> bool {
    terms::are_all(passage) || grading_talk::is_in(passage, subject)
}

/// What is known of a passage in a story.
fn in_a_story(passage: Option<String>, subject: &str) -> QuoteVerdict {
    let Some(text) = passage else { return QuoteVerdict::Untranslated };
    let is_aside = story::speaks_to_the_reader(&text) || grading_talk::is_in(&text, subject);
    if is_aside { QuoteVerdict::ClaimsNothing } else { QuoteVerdict::InStory }
}

/// What of a question must be in English: the question and its points.
fn rubric_texts(job: &Job) -> Vec<String> {
    let points = job.rubric.key_points.iter().map(|point| point.point.clone());
    std::iter::once(job.question.clone()).chain(points).collect()
}

fn unknown(texts: impl Iterator<Item = String>, known: &English) -> Vec<String> {
    let mut wanted: Vec<String> = Vec::new();
    for text in texts {
        if !known.contains_key(&text) && !wanted.contains(&text) {
            wanted.push(text);
        }
    }
    wanted
}

fn is_short(text: &str) -> bool {
    text.split_whitespace().count() < WORDS_OF_A_LANGUAGE
}
