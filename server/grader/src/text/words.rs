//! Words: the unit that everything else in the grader counts, weighs and compares.

use std::iter::Peekable;
use std::ops::Range;

/// Calls `found` with the place and the lower-case form of every word of `text`.
///
/// A word is what `[a-z0-9]+(?:['’][a-z]+)?|[+#]+` matches in the lower-cased text: letters and
/// digits with at most one apostrophe suffix ("don't"), or signs as in "c++" and "c#". The
/// apostrophe is always reported as `'`, so words are ASCII whatever the text is.
pub(crate) fn scan(text: &str, mut found: impl FnMut(Range<usize>, &str)) {
    let mut rest = lowered(text).peekable();
    let mut word = String::new();
    while let Some((place, c)) = rest.next() {
        let in_run: fn(char) -> bool = if is_alphanumeric(c) {
            is_alphanumeric
        } else if is_sign(c) {
            is_sign
        } else {
            continue;
        };
        word.clear();
        word.push(c);
        let mut end = take_run(&mut rest, in_run, &mut word).unwrap_or(place.end);
        if is_alphanumeric(c) {
            end = take_apostrophe_suffix(&mut rest, &mut word).unwrap_or(end);
        }
        found(place.start..end, &word);
    }
}

/// Every character in lower case, with the byte range of the character it came from.
fn lowered(text: &str) -> impl Iterator<Item = (Range<usize>, char)> + Clone {
    text.char_indices().flat_map(|(start, c)| {
        let place = start..start + c.len_utf8();
        c.to_lowercase().map(move |lower| (place.clone(), lower))
    })
}

/// Moves the characters that `belongs` accepts into `word`; the end of the last one, if there was
/// one.
fn take_run<I>(
    rest: &mut Peekable<I>,
    belongs: fn(char) -> bool,
    word: &mut String,
) -> Option<usize>
where
    I: Iterator<Item = (Range<usize>, char)>,
{
    let mut end = None;
    while let Some((place, c)) = rest.next_if(|(_, c)| belongs(*c)) {
        word.push(c);
        end = Some(place.end);
    }
    end
}

/// Takes `'t` of "don't": an apostrophe only belongs to a word when a letter follows it.
fn take_apostrophe_suffix<I>(rest: &mut Peekable<I>, word: &mut String) -> Option<usize>
where
    I: Iterator<Item = (Range<usize>, char)> + Clone,
{
    rest.peek().filter(|(_, c)| matches!(c, '\'' | '’'))?;
    let mut ahead = rest.clone();
    ahead.next();
    ahead.peek().filter(|(_, c)| c.is_ascii_lowercase())?;
    *rest = ahead;
    word.push('\'');
    take_run(rest, |c| c.is_ascii_lowercase(), word)
}

fn is_alphanumeric(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit()
}

fn is_sign(c: char) -> bool {
    matches!(c, '+' | '#')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        let mut all = Vec::new();
        scan(text, |_, word| all.push(word.to_owned()));
        all
    }

    #[test]
    fn contractions_signs_and_case_follow_the_reference_pattern() {
        assert_eq!(words("Don’t use C++ or C#"), ["don't", "use", "c", "++", "or", "c", "#"]);
        assert_eq!(
            words("rock'n'roll don't5 it' '90s"),
            ["rock'n", "roll", "don't", "5", "it", "90s"]
        );
        assert_eq!(words("snake_case x.y"), ["snake", "case", "x", "y"]);
        assert_eq!(words("… — ¿"), Vec::<String>::new());
    }

    #[test]
    fn letters_that_lower_to_ascii_count_as_ascii() {
        assert_eq!(words("10 \u{212a}"), ["10", "k"]);
        assert_eq!(words("\u{130}zmir"), ["i", "zmir"]);
    }

    #[test]
    fn places_are_byte_ranges_of_the_text_as_given() {
        let text = "é Don’t";
        let mut places = Vec::new();
        scan(text, |place, _| places.push(&text[place]));
        assert_eq!(places, ["Don’t"]);
    }
}
