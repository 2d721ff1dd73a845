//! Prepared rubrics: everything that depends on the question only.

use crate::lexicon::{Lexicon, StemId};
use crate::model::Vector;
use crate::passage::{Passage, StemSet};
use crate::reference::PreparedReference;
use crate::rubric::{KeyPoint, Rubric};
use crate::text::fold::fold;
use crate::text::tokens::{full_sentences, tokenise};
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// A rubric made ready for grading; keep it for as long as the question is asked.
#[derive(Debug)]
pub struct Prepared {
    pub(crate) lexicon: Lexicon<'static>,
    pub(crate) question: StemSet,
    pub(crate) points: Vec<PreparedPoint>,
    /// Everything that a clause of an answer is compared with, in one list: the points with their
    /// phrasings, the reference's sentences, why the mistakes are wrong, and the mistakes
    /// themselves.
    pub(crate) statements: Vec<Passage>,
    pub(crate) references: Range<usize>,
    pub(crate) claims: Range<usize>,
    /// The reference and all points with their phrasings.
    pub(crate) truth: Whole,
    /// The sum of the weights of its distinct stems.
    pub(crate) mass: f64,
    /// All mistakes together.
    pub(crate) falsehood: Whole,
    /// Whether the points come from the rubric and not from the reference.
    pub(crate) has_key_points: bool,
    /// The share of the points that describe the candidate and not the subject.
    pub(crate) about_candidate: f64,
    pub(crate) reference: PreparedReference,
}

/// A key point of a prepared rubric.
#[derive(Debug)]
pub struct PreparedPoint {
    /// The point as it stands in the rubric, or a sentence of the reference.
    pub text: String,
    /// How much it counts; never negative, and not 0 for all points of a rubric.
    pub weight: f64,
    /// The statements that make the point: itself and its phrasings.
    pub(crate) variants: Range<usize>,
    /// The weights of their words, where words that several points share count less.
    pub(crate) damped: Vec<Vec<f64>>,
    /// All of them together.
    pub(crate) union: Passage,
    pub(crate) union_damped: Vec<f64>,
}

/// A passage and its direction.
#[derive(Debug)]
pub(crate) struct Whole {
    pub(crate) passage: Passage,
    pub(crate) pool: Vector,
}

impl Prepared {
    /// The points that answers are graded by.
    pub fn points(&self) -> &[PreparedPoint] {
        &self.points
    }

    pub(crate) fn new(rubric: &Rubric) -> Self {
        let mut lexicon = Lexicon::default();
        let reference =
            PreparedReference::new(&mut lexicon, &rubric.question, &rubric.reference, []);
        let mut question = Vec::new();
        tokenise(&fold(&rubric.question), |word| question.push(lexicon.stem_of(word)));
        let mut builder = Builder { lexicon, question: question.into_iter().collect() };
        let sentences = sentences(&fold(&rubric.reference));
        let key_points = key_points(rubric, &sentences);
        let statements = Statements::new(&mut builder, rubric, &key_points, &sentences);
        let all_points = key_points.iter().flat_map(texts);
        let truth = builder.whole([rubric.reference.as_str()].into_iter().chain(all_points));
        let claims = rubric.mistakes.iter().map(|mistake| mistake.claim.as_str());
        let falsehood = builder.whole(claims);
        Self {
            points: prepare_points(&mut builder, &key_points, &statements),
            mass: distinct_mass(&truth.passage),
            about_candidate: share_about_candidate(&key_points),
            has_key_points: !rubric.key_points.is_empty(),
            lexicon: builder.lexicon,
            question: builder.question,
            statements: statements.all,
            references: statements.references,
            claims: statements.claims,
            truth,
            falsehood,
            reference,
        }
    }
}

/// Makes passages of texts of the rubric.
struct Builder {
    lexicon: Lexicon<'static>,
    question: StemSet,
}

impl Builder {
    fn passage(&mut self, text: &str) -> Passage {
        let tokens = tokenise(&fold(text), |word| self.lexicon.intern(word));
        Passage::new(tokens.into_iter().map(|token| token.word), &self.lexicon, &self.question)
    }

    fn whole<'a>(&mut self, texts: impl Iterator<Item = &'a str>) -> Whole {
        let passage = self.passage(&texts.collect::<Vec<_>>().join(" . "));
        Whole { pool: passage.pool(&self.lexicon), passage }
    }
}

/// The statements of a rubric and which of them are what.
struct Statements {
    all: Vec<Passage>,
    /// For every point itself and its phrasings.
    points: Vec<Range<usize>>,
    references: Range<usize>,
    claims: Range<usize>,
}

impl Statements {
    fn new(
        builder: &mut Builder,
        rubric: &Rubric,
        key_points: &[KeyPoint],
        sentences: &[String],
    ) -> Self {
        let mut all = Vec::new();
        let mut add = |texts: &mut dyn Iterator<Item = &str>| {
            let start = all.len();
            all.extend(texts.map(|text| builder.passage(text)));
            start..all.len()
        };
        let points = key_points.iter().map(|point| add(&mut texts(point))).collect();
        let references = add(&mut sentences.iter().map(String::as_str));
        // What is true instead of a mistake is compared with as well, but never asked for by its
        // place.
        add(&mut rubric.mistakes.iter().map(|mistake| mistake.why_wrong.as_str()));
        let claims = add(&mut rubric.mistakes.iter().map(|mistake| mistake.claim.as_str()));
        Self { all, points, references, claims }
    }
}

/// The first sentences of the folded reference.
fn sentences(reference: &str) -> Vec<String> {
    let tokens = tokenise(reference, |_| ());
    let ranges = full_sentences(reference, &tokens).into_iter().take(12);
    ranges.map(|range| reference[range].trim().to_owned()).collect()
}

fn key_points(rubric: &Rubric, sentences: &[String]) -> Vec<KeyPoint> {
    if !rubric.key_points.is_empty() {
        return rubric.key_points.clone();
    }
    let from_sentence =
        |point: &String| KeyPoint { point: point.clone(), weight: 1.0, phrasings: Vec::new() };
    sentences.iter().map(from_sentence).collect()
}

/// The point and its phrasings.
fn texts(point: &KeyPoint) -> impl Iterator<Item = &str> {
    [point.point.as_str()].into_iter().chain(point.phrasings.iter().map(String::as_str))
}

fn prepare_points(
    builder: &mut Builder,
    key_points: &[KeyPoint],
    statements: &Statements,
) -> Vec<PreparedPoint> {
    let spread = spread(statements);
    let points = key_points.iter().zip(&statements.points).zip(weights(key_points));
    points
        .map(|((point, variants), weight)| {
            let union = builder.passage(&texts(point).collect::<Vec<_>>().join(" "));
            let passages = statements.all[variants.clone()].iter();
            PreparedPoint {
                text: point.point.clone(),
                weight,
                variants: variants.clone(),
                damped: passages.map(|passage| damp(passage, &spread)).collect(),
                union_damped: damp(&union, &spread),
                union,
            }
        })
        .collect()
}

/// For every stem of the points the number of points that have it.
fn spread(statements: &Statements) -> HashMap<StemId, u32> {
    let mut spread = HashMap::new();
    for variants in &statements.points {
        let passages = statements.all[variants.clone()].iter();
        for stem in passages.flat_map(|passage| passage.stems.iter()).collect::<HashSet<_>>() {
            *spread.entry(stem).or_default() += 1;
        }
    }
    spread
}

/// Weights of a passage's words; a word counts the less, the more points have it.
fn damp(passage: &Passage, spread: &HashMap<StemId, u32>) -> Vec<f64> {
    let points_with = |stem| f64::from(spread.get(&stem).copied().unwrap_or(1));
    let damped = passage.terms.iter();
    damped.map(|term| term.weight / (1.0 + 0.6 * (points_with(term.stem) - 1.0))).collect()
}

/// The points' weights; all equal where none is positive.
fn weights(key_points: &[KeyPoint]) -> Vec<f64> {
    let weights: Vec<_> = key_points.iter().map(|point| point.weight.max(0.0)).collect();
    if weights.iter().sum::<f64>() > 0.0 { weights } else { vec![1.0; key_points.len()] }
}

fn distinct_mass(passage: &Passage) -> f64 {
    let by_stem: HashMap<_, _> =
        passage.terms.iter().map(|term| (term.stem, term.weight)).collect();
    // Summed in the order of the stems: a hash map's own order changes from run to run.
    passage.stems.iter().filter_map(|stem| by_stem.get(&stem)).sum()
}

/// Points such as "The candidate names a conflict" share few words with a good story.
fn share_about_candidate(key_points: &[KeyPoint]) -> f64 {
    let is_about = |point: &&KeyPoint| {
        let mut words = tokenise(&fold(&point.point), str::to_owned);
        words.truncate(3);
        words.iter().any(|token| matches!(token.word.as_str(), "candidate" | "answer"))
    };
    key_points.iter().filter(is_about).count() as f64 / key_points.len().max(1) as f64
}
