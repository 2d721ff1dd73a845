//! Escapes other people's words for Markdown.

/// The characters that have a meaning in Markdown wherever they occur.
const MARKUP: &str = "\\`*_[]<>#|~&";

/// The text on one line, for the inside or the start of a list item. It cannot begin any Markdown: no list,
/// link, image, HTML or character reference.
pub(in crate::evaluation) fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for (at, word) in text.split_whitespace().enumerate() {
        if at > 0 {
            line.push(' ');
        }
        let marker = if at == 0 { marker(word) } else { None };
        for (place, c) in word.char_indices() {
            if MARKUP.contains(c) || marker == Some(place) {
                line.push('\\');
            }
            line.push(c);
        }
    }
    line
}

/// The index of the character that would make a line's first word a list marker or a heading's underline.
fn marker(word: &str) -> Option<usize> {
    if word.starts_with(['-', '+', '=']) {
        return Some(0);
    }
    let number = word.bytes().take_while(u8::is_ascii_digit).count();
    (number > 0 && matches!(&word[number..], "." | ")")).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::one_line;

    #[test]
    fn no_words_open_markdown() {
        for (words, escaped) in [
            ("one\n# thread <b>![x](y)", r"one \# thread \<b\>!\[x\](y)"),
            ("<img src=x onerror=alert(1)>", r"\<img src=x onerror=alert(1)\>"),
            ("[here](javascript:alert(1))", r"\[here\](javascript:alert(1))"),
            ("- a list", r"\- a list"),
            ("+ a list", r"\+ a list"),
            ("1. a list", r"1\. a list"),
            ("12) a list", r"12\) a list"),
            ("=== a heading", r"\=== a heading"),
            ("&lt;b&gt;", r"\&lt;b\&gt;"),
        ] {
            assert_eq!(one_line(words), escaped);
        }
    }

    #[test]
    fn what_is_not_markup_stays_as_it_is() {
        for words in ["1.5 times as fast, e.g. 10 - 5 = 5", "2 of 3", "-"] {
            assert_eq!(one_line(words).replace('\\', ""), words);
        }
        assert_eq!(one_line("In 1.5 s it is 10 - 5."), "In 1.5 s it is 10 - 5.");
    }
}
