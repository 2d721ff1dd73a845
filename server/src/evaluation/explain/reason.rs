//! Why a score is what it is.

use super::{Findings, in_part, made};
use crate::domain::{
    evaluation::{CONTRADICTION, FALSE_CLAIM, KeyPointResult},
    score::Dimension,
};

/// The most quotes in an explanation.
const MOST_QUOTES: usize = 2;

pub(super) fn reason(findings: &Findings, dimension: Dimension) -> String {
    match dimension {
        Dimension::Correctness => correctness(findings),
        Dimension::Completeness => completeness(&findings.key_points),
        Dimension::Quality => quality(findings),
        Dimension::Communication => communication(findings),
    }
}

/// The words of the answer on which the reason is based.
pub(super) fn evidence(findings: &Findings, dimension: Dimension) -> Vec<String> {
    let quotes: Vec<&String> = match dimension {
        Dimension::Correctness if !findings.mistakes.is_empty() => {
            findings.mistakes.iter().map(|mistake| &mistake.evidence).collect()
        }
        Dimension::Correctness if !findings.contradictions.is_empty() => {
            findings.contradictions.iter().map(|found| &found.quote).collect()
        }
        Dimension::Correctness | Dimension::Completeness => {
            findings.made().chain(findings.in_part()).map(|point| &point.evidence).collect()
        }
        Dimension::Quality | Dimension::Communication => Vec::new(),
    };
    first_quotes(quotes.into_iter())
}

/// The first quotes, each once.
pub(super) fn first_quotes<'q>(quotes: impl Iterator<Item = &'q String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for quote in quotes {
        if kept.len() < MOST_QUOTES && !quote.is_empty() && !kept.contains(quote) {
            kept.push(quote.clone());
        }
    }
    kept
}

fn correctness(findings: &Findings) -> String {
    if let Some(mistake) = findings.mistakes.first() {
        return format!("{FALSE_CLAIM} {}", mistake.why_wrong);
    }
    if let Some(found) = findings.contradictions.first() {
        return format!("{CONTRADICTION} {}", found.point);
    }
    if !findings.on_topic {
        return "Little in the answer speaks to the question, so there is little to be right about."
            .to_owned();
    }
    let shown = findings.made().count() + findings.in_part().count();
    match shown {
        0 => {
            "Nothing wrong stands out, but no point of a good answer could be found either.".into()
        }
        1 => "The one point that it makes agrees with what a good answer says.".into(),
        _ => {
            format!("The {} points that it makes agree with what a good answer says.", words(shown))
        }
    }
}

pub(super) fn completeness(points: &[KeyPointResult]) -> String {
    let all = points.len();
    let (made, in_part) = (made(points).count(), in_part(points).count());
    match (made, in_part) {
        (0, 0) if all == 1 => "It does not make the one point of a good answer.".to_owned(),
        (1, 0) if all == 1 => "It makes the one point of a good answer.".to_owned(),
        (0, 1) if all == 1 => "It touches on the one point of a good answer.".to_owned(),
        (0, 0) => format!("It makes none of the {} points of a good answer.", words(all)),
        (made, 0) if made == all => {
            format!("It makes all {} points of a good answer.", words(all))
        }
        (made, 0) => format!("It makes {} of {} points.", words(made), words(all)),
        (0, part) => format!("It touches on {} of {} points.", words(part), words(all)),
        (made, part) => {
            format!(
                "It makes {} of {} points and touches on {}.",
                words(made),
                words(all),
                words(part)
            )
        }
    }
}

fn quality(findings: &Findings) -> String {
    let style = &findings.style;
    let reasons = if style.reasoning >= 0.5 { "It gives reasons" } else { "It gives few reasons" };
    let specifics = match (style.specifics >= 0.4, style.reasoning >= 0.5) {
        (true, true) => "and is specific.",
        (true, false) => "but is specific.",
        (false, true) => "but stays general: few numbers, names or examples.",
        (false, false) => "and stays general: few numbers, names or examples.",
    };
    format!("{reasons} {specifics}")
}

fn communication(findings: &Findings) -> String {
    let style = &findings.style;
    if style.prose < 0.6 {
        return "It is a list of terms more than sentences that can be followed.".to_owned();
    }
    if !findings.on_topic {
        return "However it is written, it does not tell the listener about the question."
            .to_owned();
    }
    if style.length < 0.5 {
        return "It is very short, so the listener must guess what connects its parts.".to_owned();
    }
    if style.sentence_words > 28.0 {
        return "Its sentences are long, about {} words each, which makes it hard to follow."
            .replace("{}", &format!("{:.0}", style.sentence_words));
    }
    if style.filler > 0.4 {
        return "It can be followed, though filler words take up room.".to_owned();
    }
    "It is written in sentences of a good length and is easy to follow.".to_owned()
}

/// A small number as a word, for a sentence.
pub(super) fn words(number: usize) -> String {
    const WORDS: [&str; 11] =
        ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    WORDS.get(number).map_or_else(|| number.to_string(), |word| (*word).to_owned())
}
