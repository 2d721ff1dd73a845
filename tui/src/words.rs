//! Words and numbers as shown on the screens: levels, bands, scores, dates, times, counts.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use viva_proto::v1::{
    Answer, Evaluation, EvaluationStatus, FailureCode, Level, Question, QuestionMark,
    QuestionSource, QuestionWish, ScoreRange, Scores, Template,
};

/// The levels that can be chosen, easiest first.
pub(crate) const LEVELS: [Level; 4] = [Level::Junior, Level::Mid, Level::Senior, Level::Staff];

/// A level as one word; empty if unknown.
pub(crate) fn level(level: Level) -> &'static str {
    match level {
        Level::Unspecified => "",
        Level::Junior => "junior",
        Level::Mid => "mid",
        Level::Senior => "senior",
        Level::Staff => "staff",
    }
}

/// A mark without its note: `★ starred · not again`.
pub(crate) fn mark(mark: &QuestionMark) -> String {
    let wish = match mark.wish() {
        QuestionWish::Unspecified => "",
        QuestionWish::NotAgain => "not again",
        QuestionWish::AgainSoon => "again soon",
    };
    let star = if mark.starred { "★ starred" } else { "" };
    let parts: Vec<_> = [star, wish].into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(" · ")
}

/// The help given with a question, for example "2 hints, answer shown"; empty if none.
pub(crate) fn help(question: &Question) -> String {
    let hints = hints(question);
    let shown = if question.shown.is_some() { "answer shown" } else { "" };
    let parts = [hints.as_str(), shown];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

/// How many hints were given to a question; empty if none.
pub(crate) fn hints(question: &Question) -> String {
    match usize::try_from(question.hints_given).unwrap_or_default() {
        0 => String::new(),
        hints => count(hints, "hint"),
    }
}

/// Why a question has no answer.
pub(crate) fn unanswered(question: &Question) -> String {
    match &question.shown {
        None => "Not answered yet.".to_owned(),
        Some(shown) => {
            let reference = crate::text::neutral(&shown.reference);
            format!("No score: the answer was shown. A good answer says: {reference}")
        }
    }
}

/// A role with its level, for titles.
pub(crate) fn role_and_level(role: &str, of: Level) -> String {
    let role = crate::text::neutral_line(role);
    match level(of) {
        "" => role,
        level => format!("{role} · {level}"),
    }
}

/// The band of a score, with the wire contract's limits.
pub(crate) fn band(score: f64) -> &'static str {
    match tenths(score) {
        s if s < 3.0 => "poor",
        s if s < 5.0 => "weak",
        s if s < 7.0 => "fair",
        s if s < 9.0 => "good",
        _ => "excellent",
    }
}

/// A score with one decimal, rounded down, so that "7.0 fair" never appears.
pub(crate) fn score(score: f64) -> String {
    format!("{:.1}", tenths(score))
}

/// A score as shown. The small addend undoes the error of binary fractions: 7.4 is stored as a
/// little less, as a mean of 3 may be.
fn tenths(score: f64) -> f64 {
    (score.clamp(0.0, 10.0) * 10.0 + 1e-6).floor() / 10.0
}

/// A score, with the range that contains a fair reader's nine times out of ten: `6.8 (5.9–7.7)`.
pub(crate) fn score_in_range(value: f64, range: Option<ScoreRange>) -> String {
    match range {
        None => score(value),
        Some(range) => format!("{} ({}–{})", score(value), score(range.low()), score(range.high())),
    }
}

/// The mean of the four scores.
pub(crate) fn mean(scores: &Scores) -> f64 {
    (scores.correctness() + scores.completeness() + scores.quality() + scores.communication()) / 4.0
}

/// The mean score of an answer, once it is evaluated.
pub(crate) fn answer_score(answer: &Answer) -> Option<f64> {
    let evaluation = answer.evaluation.as_ref()?;
    let scores = evaluation.scores.as_ref()?;
    (evaluation.status() == EvaluationStatus::Completed).then(|| mean(scores))
}

/// Whether the grader declined to judge the answer, so that a retry changes nothing.
pub(crate) fn is_refused(evaluation: &Evaluation) -> bool {
    evaluation.failure_code() != FailureCode::Unspecified
}

/// Converts a timestamp of the wire contract.
pub(crate) fn moment(timestamp: Option<&prost_types::Timestamp>) -> Option<Timestamp> {
    let timestamp = timestamp?;
    Timestamp::new(timestamp.seconds, timestamp.nanos).ok()
}

/// A day in everyday words: today, yesterday, `Fri 20 Nov`, `20 Nov 2025`.
pub(crate) fn day(at: Option<Timestamp>, now: Timestamp, zone: &TimeZone) -> String {
    let Some(at) = at else { return String::new() };
    let (day, today): (Date, Date) =
        (at.to_zoned(zone.clone()).date(), now.to_zoned(zone.clone()).date());
    if day == today {
        "today".to_owned()
    } else if today.yesterday().is_ok_and(|yesterday| yesterday == day) {
        "yesterday".to_owned()
    } else if day.year() == today.year() {
        day.strftime("%a %-d %b").to_string()
    } else {
        day.strftime("%-d %b %Y").to_string()
    }
}

/// A day in everyday words, with the time of day if it is today.
pub(crate) fn day_and_time(at: Option<Timestamp>, now: Timestamp, zone: &TimeZone) -> String {
    let day = day(at, now, zone);
    match at {
        Some(at) if day == "today" => format!("{day} {}", clock(at, zone)),
        _ => day,
    }
}

/// A time of day to the minute.
pub(crate) fn clock(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%H:%M").to_string()
}

/// A time of day to the second.
pub(crate) fn clock_seconds(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%H:%M:%S").to_string()
}

/// A duration as on a stopwatch.
pub(crate) fn stopwatch(milliseconds: i64) -> String {
    let seconds = milliseconds.max(0) / 1000;
    match seconds / 3600 {
        0 => format!("{:02}:{:02}", seconds / 60, seconds % 60),
        hours => format!("{hours}:{:02}:{:02}", seconds / 60 % 60, seconds % 60),
    }
}

/// Whole seconds from one moment to another, never below zero.
pub(crate) fn seconds_between(from: Timestamp, to: Timestamp) -> i64 {
    ((to.as_millisecond() - from.as_millisecond()) / 1000).max(0)
}

/// Whole seconds until a moment, rounded up, so that it says 1 until the moment comes.
pub(crate) fn seconds_until(now: Timestamp, at: Timestamp) -> i64 {
    ((at.as_millisecond() - now.as_millisecond() + 999) / 1000).max(0)
}

/// How long something has lasted or will last, in its largest unit: `12 s`, `3 min`, `2 h`.
pub(crate) fn lasting(seconds: i64) -> String {
    match seconds {
        s if s < 120 => format!("{s} s"),
        s if s < 7_200 => format!("{} min", s / 60),
        s => format!("{} h", s / 3600),
    }
}

/// How long something took: `3.2 s`, `1 min 12 s`; at least 0.1 s. A number never wraps from its
/// unit.
pub(crate) fn duration(milliseconds: i64) -> String {
    let tenths = (milliseconds / 100).max(1);
    match tenths {
        t if t < 1_000 => format!("{}.{}\u{a0}s", t / 10, t % 10),
        t => format!("{}\u{a0}min {}\u{a0}s", t / 600, t / 10 % 60),
    }
}

/// A number with a comma between the thousands.
pub(crate) fn thousands(n: i64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) && !out.ends_with('-') {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Numbers in a sentence: `1, 2 and 4`.
pub(crate) fn enumerated(numbers: &[usize]) -> String {
    let texts: Vec<_> = numbers.iter().map(usize::to_string).collect();
    match texts.as_slice() {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        texts => texts.concat(),
    }
}

/// The message while an interview is created; names the language model if it writes.
pub(crate) fn writing_questions(count: i32, has_language_model: bool) -> String {
    let count = usize::try_from(count).unwrap_or(0);
    if has_language_model {
        format!("The language model is writing {}…", self::count(count, "question"))
    } else {
        "Choosing questions…".to_owned()
    }
}

/// How long an interview from a template is: "5 questions, 45 min".
pub(crate) fn length(template: &Template) -> String {
    let questions = count(template.parts.len(), "question");
    if template.minutes > 0 { format!("{questions}, {} min", template.minutes) } else { questions }
}

/// A template with an order of its own: its length, and what it tests.
pub(crate) fn template(template: &Template) -> String {
    let length = length(template);
    if template.description.is_empty() {
        return length;
    }
    format!("{length}: {}", template.description)
}

/// Who wrote a question; empty if that does not matter.
pub(crate) fn source(question: &Question, has_model: bool) -> &'static str {
    match question.source() {
        QuestionSource::Model => "written by a language model",
        QuestionSource::FollowUp => "a follow-up",
        // Among questions that a model wrote, it matters which ones people wrote.
        QuestionSource::Bank if has_model => "from the question bank",
        _ => "",
    }
}

/// Whether a language model wrote any of these questions.
pub(crate) fn has_model<'a>(mut questions: impl Iterator<Item = &'a Question>) -> bool {
    questions.any(|question| question.source() == QuestionSource::Model)
}

/// A count with its noun, in the plural if needed.
pub(crate) fn count(n: usize, noun: &str) -> String {
    if n == 1 {
        return format!("1 {noun}");
    }
    format!("{} {noun}s", number(n))
}

/// A count with a comma between the thousands.
pub(crate) fn number(n: usize) -> String {
    thousands(i64::try_from(n).unwrap_or(i64::MAX))
}

/// The length of a text in words and, near the limit, in characters.
pub(crate) fn amount(text: &str, most: usize) -> String {
    let words = count(word_count(text), "word");
    let chars = text.trim().chars().count();
    if chars * 4 < most * 3 {
        return words;
    }
    format!("{words} · {} of {} characters", number(chars), number(most))
}

/// By how much a text is too long; `None` if it is not.
pub(crate) fn too_long(text: &str, most: usize) -> Option<String> {
    let over = text.trim().chars().count().checked_sub(most + 1)? + 1;
    Some(format!("{} too many", count(over, "character")))
}

/// How many words a text has.
pub(crate) fn word_count(text: &str) -> usize {
    text.split_whitespace().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn days_are_named_in_everyday_words() {
        let now = at("2026-11-23T14:02:31Z");
        let day = |text| day(Some(at(text)), now, &TimeZone::UTC);
        assert_eq!(day("2026-11-23T00:00:00Z"), "today");
        assert_eq!(day("2026-11-22T23:59:59Z"), "yesterday");
        assert_eq!(day("2026-11-20T12:00:00Z"), "Fri 20 Nov");
        assert_eq!(day("2025-01-02T12:00:00Z"), "2 Jan 2025");
        assert_eq!(super::day(None, now, &TimeZone::UTC), "");
    }

    #[test]
    fn a_score_is_never_rounded_into_the_next_band() {
        assert_eq!((score(6.96), band(6.96)), ("6.9".to_owned(), "fair"));
        assert_eq!((score(7.4), band(7.4)), ("7.4".to_owned(), "good"));
        assert_eq!((score(9.0), band(9.0)), ("9.0".to_owned(), "excellent"));
        assert_eq!((score(2.999), band(2.999)), ("2.9".to_owned(), "poor"));
        assert_eq!(score(10.0), "10.0");
        // A score shown as a limit is in the band above it, like every score at the limit.
        let mean = (3.0 + 3.3 + 4.6 + 1.1) / 4.0;
        assert!(mean < 3.0, "binary fractions lose a little");
        assert_eq!((score(mean), band(mean)), ("3.0".to_owned(), "weak"));
    }

    #[test]
    fn times_and_counts_read_well() {
        assert_eq!(stopwatch(252_900), "04:12");
        assert_eq!(stopwatch(3_725_000), "1:02:05");
        assert_eq!(stopwatch(-5), "00:00");
        assert_eq!(count(1, "word"), "1 word");
        assert_eq!(count(0, "word"), "0 words");
        assert_eq!(count(2_004, "word"), "2,004 words");
        assert_eq!(amount("one two", 20), "2 words");
        assert_eq!(amount("one two three four", 20), "4 words · 18 of 20 characters");
        assert_eq!(too_long("one two three", 13), None);
        assert_eq!(too_long("one two three", 10).unwrap(), "3 characters too many");
        assert_eq!(word_count("  two\nwords "), 2);
    }
    #[test]
    fn waiting_and_work_use_suitable_units() {
        let now = at("2026-11-23T14:02:31.200Z");
        assert_eq!(seconds_until(now, at("2026-11-23T14:02:39Z")), 8);
        assert_eq!(seconds_until(now, at("2026-11-23T14:02:31Z")), 0);
        assert_eq!(
            [lasting(12), lasting(119), lasting(125), lasting(7_200)],
            ["12 s", "119 s", "2 min", "2 h"]
        );
        assert_eq!(
            [duration(3_249), duration(20), duration(72_000 + 40_000)],
            ["3.2\u{a0}s", "0.1\u{a0}s", "1\u{a0}min 52\u{a0}s"]
        );
        assert_eq!(
            [thousands(7), thousands(1_204), thousands(-123_456)],
            ["7", "1,204", "-123,456"]
        );
        assert_eq!([enumerated(&[2]), enumerated(&[1, 2, 4])], ["2", "1, 2 and 4"]);
    }

    #[test]
    fn who_wrote_a_question_is_shown_if_a_model_wrote_any() {
        let by = |source: QuestionSource| Question { source: source.into(), ..Question::default() };
        let (bank, model) = (by(QuestionSource::Bank), by(QuestionSource::Model));
        assert!(!has_model([&bank].into_iter()));
        assert!(has_model([&bank, &model].into_iter()));
        assert_eq!(source(&bank, false), "");
        assert_eq!(source(&bank, true), "from the question bank");
        assert_eq!(source(&model, true), "written by a language model");
    }
}
