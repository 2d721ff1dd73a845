//! Finds names by some of their letters: `rprt` finds "Read the report". Each word of a query must
//! be in the name, in any order; letters that start words or follow each other score higher.

/// How well a name matches a query, and which of its characters match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Match {
    /// The higher, the better.
    pub(crate) score: i32,
    /// The positions of the characters, in order.
    pub(crate) places: Vec<usize>,
}

const BEGINS_WORD: i32 = 8;
const FOLLOWS: i32 = 6;
const FOUND: i32 = 2;

/// A gap costs this much for each character, up to a limit.
const GAP: i32 = 1;
const WIDEST_GAP: i32 = 4;

/// How well `name` matches `query`, which may be empty; `None` if letters are missing.
pub(crate) fn find(query: &str, name: &str) -> Option<Match> {
    let name: Vec<char> = name.chars().map(lower).collect();
    let mut all = Match { score: 0, places: Vec::new() };
    for word in query.split_whitespace() {
        let word: Vec<char> = word.chars().map(lower).collect();
        let found = best(&word, &name)?;
        all.score += found.score;
        all.places.extend(found.places);
    }
    all.places.sort_unstable();
    all.places.dedup();
    Some(all)
}

fn lower(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

/// The best way to match the letters of a word to a name, in order.
fn best(word: &[char], name: &[char]) -> Option<Match> {
    // For each place where the letters so far can end in the name: the best match that ends there.
    let mut ends: Vec<Option<Match>> = Vec::new();
    for (at, letter) in word.iter().enumerate() {
        let here = |place: usize| -> Option<Match> {
            if name[place] != *letter {
                return None;
            }
            let worth = FOUND + if begins_word(name, place) { BEGINS_WORD } else { 0 };
            if at == 0 {
                return Some(Match { score: worth, places: vec![place] });
            }
            let before = ends.iter().take(place).enumerate();
            let joined = before.filter_map(|(end, found)| {
                let found = found.as_ref()?;
                let gap = i32::try_from(place - end - 1).unwrap_or(WIDEST_GAP);
                let step = if gap == 0 { FOLLOWS } else { -(gap * GAP).min(WIDEST_GAP) };
                Some((found.score + worth + step, found))
            });
            let (score, found) = joined.max_by_key(|(score, _)| *score)?;
            let mut places = found.places.clone();
            places.push(place);
            Some(Match { score, places })
        };
        ends = (0..name.len()).map(here).collect();
    }
    ends.into_iter().flatten().max_by_key(|found| found.score)
}

fn begins_word(name: &[char], place: usize) -> bool {
    place == 0 || !name[place - 1].is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_with_the_letters_in_order_match() {
        assert!(find("rprt", "Read the report").is_some());
        assert!(find("trpr", "Read").is_none());
        assert_eq!(find("", "Read").unwrap().score, 0);
    }

    #[test]
    fn words_may_come_in_any_order_and_case() {
        assert!(find("mid RUST", "Rust backend engineer · mid").is_some());
        assert!(find("rust senior", "Rust backend engineer · mid").is_none());
    }

    #[test]
    fn starts_of_words_and_whole_words_score_higher() {
        let score = |query, name| find(query, name).unwrap().score;
        assert!(score("re", "Read the report") > score("re", "Ask where it is"));
        assert!(score("report", "Read the report") > score("report", "Repeat the portrait"));
        assert_eq!(find("rr", "Read the report").unwrap().places, [0, 9]);
    }
}
