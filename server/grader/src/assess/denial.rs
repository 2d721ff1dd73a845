//! Denial: whether an answer affirms what it says.

use crate::lexicon::Lexicon;
use crate::marking::{Reading, is_near_copy};
use crate::passage::Passage;
use crate::prepared::Prepared;

/// Content words that deny the statement they are put before or behind.
const DENIALS: [&str; 16] = [
    "deny",
    "denies",
    "disagree",
    "doubt",
    "false",
    "hardly",
    "incorrect",
    "lie",
    "mistaken",
    "myth",
    "nobody",
    "nonsense",
    "refute",
    "seldom",
    "untrue",
    "wrong",
];

/// 1 where everything is affirmed, down to 0.1 where everything that repeats a true statement
/// denies it.
///
/// Only near copies of a point, a phrasing or a sentence of the reference are looked at: elsewhere
/// a denial is as often right as wrong.
pub(super) fn factor(prepared: &Prepared, reading: &Reading<'_>) -> f64 {
    let statements = &prepared.statements[..prepared.references.end];
    let (ours, theirs) = (Deniers::new(&reading.answer.lexicon), Deniers::new(&prepared.lexicon));
    let (mut said, mut denied) = (0.0, 0.0);
    // "It is not so that ...: ...; ..." denies what stands behind the colon as well.
    let mut goes_on = false;
    for sentence in reading.sentences() {
        let nearest = sentence.agreement[..prepared.references.end].iter().zip(statements);
        let nearest = nearest.max_by(|(a, _), (b, _)| a.total_cmp(b));
        let Some((agreement, statement)) = nearest else {
            continue;
        };
        let passage = &sentence.passage;
        let weight = passage.total * agreement;
        said += weight;
        let differs = goes_on || ours.denies(passage) != theirs.denies(statement);
        let is_denied = differs && is_near_copy(&statement.stems, &passage.stems);
        if is_denied {
            denied += weight;
        }
        let text = &reading.answer.folded.text[sentence.span.bytes.clone()];
        goes_on = is_denied && text.ends_with([':', ';']);
    }
    if said > 0.0 { 1.0 - 0.9 * denied / said } else { 1.0 }
}

/// The words of a lexicon that deny without being negations.
struct Deniers(Vec<usize>);

impl Deniers {
    fn new(lexicon: &Lexicon<'_>) -> Self {
        let known = DENIALS.iter().filter_map(|word| lexicon.id(word));
        Self(known.filter_map(|id| lexicon.word(id).slot).collect())
    }

    /// Whether a passage denies: two denials cancel each other.
    fn denies(&self, passage: &Passage) -> bool {
        let denials = passage.terms.iter().filter(|term| self.0.contains(&term.slot)).count();
        passage.denies ^ (denials % 2 == 1)
    }
}
