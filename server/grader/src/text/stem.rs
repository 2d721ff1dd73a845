//! Stems: "indexes", "indexed" and "indexing" are one word to the grader.

/// Endings tried in this order; the first one that fits is cut off, and only one.
const ENDINGS: [&str; 23] = [
    "ization", "isation", "ational", "fulness", "iveness", "ments", "ment", "ation", "ingly",
    "edly", "ness", "able", "ible", "ally", "ing", "ion", "ive", "ed", "ly", "er", "or", "al", "e",
];

/// The stem of a lower-case ASCII word, by a short list of endings in place of a dictionary.
pub(crate) fn stem(word: &str) -> String {
    let mut stem = singular(word);
    for ending in ENDINGS {
        let shortest = if ending == "e" { 3 } else { 4 };
        if stem.ends_with(ending) && stem.len() - ending.len() >= shortest {
            stem.truncate(stem.len() - ending.len());
            undouble(&mut stem);
            break;
        }
    }
    stem
}

fn singular(word: &str) -> String {
    let cut = |n: usize| word[..word.len() - n].to_owned();
    if word.len() > 5 && word.ends_with("ies") {
        cut(3) + "y"
    } else if word.len() > 4 && word.ends_with("sses") {
        cut(2)
    } else if word.len() > 3
        && word.ends_with('s')
        && !["ss", "us", "is"].iter().any(|ending| word.ends_with(ending))
    {
        cut(1)
    } else {
        word.to_owned()
    }
}

/// "stopp" from "stopping" becomes "stop"; "call" and "pass" keep their double letter.
fn undouble(stem: &mut String) {
    if let [.., before, last] = stem.as_bytes()
        && stem.len() > 3
        && before == last
        && !matches!(last, b'l' | b's')
    {
        stem.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn inflections_of_a_word_share_a_stem() {
        for (word, expected) in [
            ("indexes", "index"),
            ("queries", "query"),
            ("classes", "class"),
            ("stopping", "stop"),
            ("calling", "call"),
            ("caches", "cach"),
            ("cache", "cach"),
            ("initialization", "initial"),
            ("bus", "bus"),
            ("c", "c"),
            ("++", "++"),
        ] {
            assert_eq!(stem(word), expected, "{word}");
        }
    }
}
