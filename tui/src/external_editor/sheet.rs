//! The file for an external editor: the question above a line, the answer below it. Text above the
//! line is not part of the answer, unless the user wrote it there.

/// The line between the question and the answer.
const LINE: &str = "---- Your answer goes below this line. ----";

/// Columns of the question in the file.
const COLUMNS: usize = 78;

/// The question as written to the file.
pub(super) fn head(question: &str) -> String {
    let quoted = |line: &str| {
        let wrapped = textwrap::wrap(line, COLUMNS).into_iter();
        wrapped.map(|row| format!("> {row}").trim_end().to_owned()).collect::<Vec<_>>()
    };
    let rows: Vec<String> = question.lines().flat_map(quoted).collect();
    format!("{}\n\n{LINE}\n\n", rows.join("\n"))
}

/// The answer in an edited file.
pub(super) fn answer(file: &str, head: &str) -> String {
    if let Some(answer) = file.strip_prefix(head) {
        return answer.to_owned();
    }
    let Some((above, below)) = at_line(file) else { return file.to_owned() };
    let is_own = |line: &&str| !line.starts_with('>') && !line.trim().is_empty();
    let own: Vec<&str> = above.lines().filter(is_own).collect();
    let below = below.strip_prefix('\n').unwrap_or(below);
    match own.as_slice() {
        [] => below.to_owned(),
        own => format!("{}\n\n{below}", own.join("\n")),
    }
}

/// The text above the line and the text below it.
fn at_line(file: &str) -> Option<(&str, &str)> {
    let mut at = 0;
    for line in file.split_inclusive('\n') {
        if line.trim_end() == LINE {
            return Some((&file[..at], &file[at + line.len()..]));
        }
        at += line.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_question_is_quoted_above_and_left_out_of_the_answer() {
        let head = head("What is a lock?\n\nSay it in two sentences.");
        assert!(head.starts_with("> What is a lock?\n>\n> Say it in two sentences.\n\n"), "{head}");
        for text in ["", "one\n", "one\n\ntwo\n", "> quoted\n"] {
            assert_eq!(answer(&format!("{head}{text}"), &head), text);
        }
    }

    #[test]
    fn text_written_in_the_wrong_place_is_kept() {
        let head = head("What is a lock?");
        let file = format!("{head}the rest\n").replacen("\n\n", "\nA thing.\n\n", 1);
        assert_eq!(answer(&file, &head), "A thing.\n\nthe rest\n");
        assert_eq!(answer("the line is gone\n", &head), "the line is gone\n");
        let changed = format!("{head}the rest\n").replacen("lock", "mutex", 1);
        assert_eq!(answer(&changed, &head), "the rest\n");
    }
}
