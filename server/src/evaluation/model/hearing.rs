//! Whether a quote shows the point it is quoted for. A quote can be genuine and prove nothing, so the
//! built-in judge reads its passage alone: the sentences that the quote touches. Passages in other
//! languages are read in translation. Stories are checked for what stories have.

use super::{
    beside::{Beside, matter},
    credit::{Heard, Word, weigh},
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
pub(super) struct Case<'a> {
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

impl<'a> Case<'a> {
    /// Finds the passages, and what the judge can read of them.
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
        let mut texts = vec![matter(&job.question, &job.rubric), answer.clone()];
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

    /// The passages that have yet to be translated, each once.
    pub(super) fn foreign_passages(&self, known: &English) -> Vec<String> {
        let foreign = self.passages.iter().filter(|passage| passage.is_foreign);
        unknown(foreign.map(|passage| passage.text.to_owned()), known)
    }

    /// The question and the points, where they have yet to be translated.
    pub(super) fn foreign_rubric(&self, known: &English) -> Vec<String> {
        if !self.is_rubric_foreign || self.quoted.is_empty() {
            return Vec::new();
        }
        unknown(rubric_texts(self.job).into_iter(), known)
    }

    /// What the quotes come to.
    pub(super) async fn hear(
        &self,
        built_in: &OfflineEvaluator,
        beside: &Beside,
        known: &English,
    ) -> Result<Heard, EvaluationFault> {
        let words = self.words(built_in, beside, known).await?;
        Ok(weigh(&self.job.rubric, &self.job.answer, self.quoted, &words))
    }

    async fn words(
        &self,
        built_in: &OfflineEvaluator,
        beside: &Beside,
        known: &English,
    ) -> Result<Vec<Word>, EvaluationFault> {
        let Some((question, rubric)) = self.rubric_in_english(known) else {
            return Ok(vec![Word::Unread; self.quoted.len()]);
        };
        let passages: Vec<_> = self.passages.iter().map(|p| p.in_english(known)).collect();
        let matter = matter(&question, &rubric);
        if story::is_asked_for(&question) && self.is_story(beside, &passages) {
            return Ok(passages.into_iter().map(|text| in_a_story(text, &matter)).collect());
        }
        let readable = self.quoted.iter().zip(&passages);
        let pairs = readable.filter_map(|(quoted, text)| Some((quoted.point, text.clone()?)));
        let mut judged = built_in.shows(&question, &rubric, pairs.collect()).await?.into_iter();
        let whole = self.whole(built_in, beside, &passages, (&question, &rubric)).await?;
        let word = |(quoted, text): (&Quoted, &Option<String>)| match text
            .as_ref()
            .and_then(|text| Some((text, judged.next()?)))
        {
            None => Word::Unread,
            Some((text, _)) if claims_nothing(text, &matter) => Word::Nothing,
            Some((text, shown)) if whole.finds_in(quoted.point, text) => Word::Seen(shown),
            Some((_, shown)) if whole.finds(quoted.point) => Word::Found(shown),
            Some((_, shown)) => Word::Judged(shown),
        };
        Ok(self.quoted.iter().zip(&passages).map(word).collect())
    }

    /// What the built-in grader makes of the answer as a whole: of its passages in English, where it
    /// cannot read the answer or has read it beside a rubric that it cannot read.
    async fn whole(
        &self,
        built_in: &OfflineEvaluator,
        beside: &Beside,
        passages: &[Option<String>],
        (question, rubric): (&str, &Rubric),
    ) -> Result<Beside, EvaluationFault> {
        if !self.is_answer_foreign && !self.is_rubric_foreign {
            return Ok(beside.clone());
        }
        Beside::to(question, rubric, &together(passages), built_in).await
    }

    /// Whether the answer tells a story, as far as it is there in English.
    fn is_story(&self, beside: &Beside, passages: &[Option<String>]) -> bool {
        if beside.has_read && beside.refuses {
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

/// The passages that are there in English, each once.
fn together(passages: &[Option<String>]) -> String {
    let mut told: Vec<&str> = Vec::new();
    for passage in passages.iter().flatten() {
        if !told.contains(&passage.as_str()) {
            told.push(passage);
        }
    }
    told.join("\n")
}

fn claims_nothing(passage: &str, matter: &str) -> bool {
    terms::are_all(passage) || grading_talk::is_in(passage, matter)
}

/// What a passage of a story is.
fn in_a_story(passage: Option<String>, matter: &str) -> Word {
    let Some(text) = passage else { return Word::Unread };
    let is_aside = story::speaks_to_the_reader(&text) || grading_talk::is_in(&text, matter);
    if is_aside { Word::Nothing } else { Word::Told }
}

/// What has to be there in English of a question: itself and its points.
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
