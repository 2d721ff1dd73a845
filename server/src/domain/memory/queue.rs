//! Which points to review, and in which order.

use std::collections::HashMap;

/// How many points of a drill are due.
const DRILL_DUE: usize = 2;

/// How many points of a drill are due or weak, if there are enough.
const DRILL_DUE_OR_WEAK: usize = 4;

/// How many points a drill has.
const DRILL: usize = 5;

/// A point that could be asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReviewCandidate<'a> {
    /// Its topic.
    pub topic: &'a str,
    /// Whether it is due.
    pub is_due: bool,
    /// The probability that it is recalled tomorrow.
    pub strength: f32,
}

/// Why a point is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// It is due.
    Due,
    /// It is not due, but weaker than others.
    Weak,
    /// It is not due, and stronger than others.
    Strong,
}

/// Returns the indices of the points that are due in the order to ask for them: the weakest topic
/// first, and within it the weakest point.
pub fn due(candidates: &[ReviewCandidate<'_>]) -> Vec<usize> {
    let mut topics: HashMap<&str, (f32, f32)> = HashMap::new();
    for candidate in candidates {
        let (sum, count) = topics.entry(candidate.topic).or_default();
        *sum += candidate.strength;
        *count += 1.0;
    }
    let mean = |topic: &str| topics.get(topic).map_or(0.0, |(sum, count)| sum / count);
    let mut places: Vec<_> = places(candidates, true);
    places.sort_by(|one, other| {
        let (one, other) = (&candidates[*one], &candidates[*other]);
        let by_topic = mean(one.topic).total_cmp(&mean(other.topic));
        by_topic
            .then_with(|| one.topic.cmp(other.topic))
            .then_with(|| one.strength.total_cmp(&other.strength))
    });
    places
}

/// Returns the indices of a drill's points in the order to ask for them, each with its reason: two
/// that are due, two weak ones and a strong one. Due and weak ones replace each other if too few.
pub fn drill(candidates: &[ReviewCandidate<'_>]) -> Vec<(usize, Reason)> {
    let due = due(candidates);
    let mut rest = places(candidates, false);
    rest.sort_by(|one, other| candidates[*one].strength.total_cmp(&candidates[*other].strength));
    let strong = rest.pop();
    let first = due.iter().take(DRILL_DUE).map(|place| (*place, Reason::Due));
    let weak = rest.iter().map(|place| (*place, Reason::Weak));
    let mut drill: Vec<_> = first.chain(weak).take(DRILL_DUE_OR_WEAK).collect();
    let missing = DRILL - usize::from(strong.is_some()) - drill.len();
    let more = due.iter().skip(DRILL_DUE).take(missing).map(|place| (*place, Reason::Due));
    drill.extend(more.collect::<Vec<_>>());
    drill.extend(strong.map(|place| (place, Reason::Strong)));
    drill
}

fn places(candidates: &[ReviewCandidate<'_>], is_due: bool) -> Vec<usize> {
    let kept = candidates.iter().enumerate().filter(|(_, one)| one.is_due == is_due);
    kept.map(|(place, _)| place).collect()
}
