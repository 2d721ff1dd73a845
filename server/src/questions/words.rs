//! A text as words to look up: in lower case, without accents, and in one spelling.

use unicode_normalization::UnicodeNormalization as _;

/// What people write as several words or as one, with the word to look up. The longest come first, and
/// only whole words match.
const PHRASES: &[(&str, &str)] = &[
    ("member of technical staff", "mts"),
    ("head of engineering", "vpe"),
    ("director of engineering", "vpe"),
    ("vp of engineering", "vpe"),
    ("vp engineering", "vpe"),
    ("engineering director", "vpe"),
    ("chief technology officer", "cto"),
    ("chief information security officer", "ciso"),
    ("technical staff", "mts"),
    ("technical lead", "techlead"),
    ("tech lead", "techlead"),
    ("team lead", "techlead"),
    ("social security", "socialsecurity"),
    ("data entry", "dataentry"),
    ("data analyst", "dataanalyst"),
    ("release train", "release"),
    ("swe", "software engineer"),
    ("sde", "software engineer"),
    ("build engineer", "release engineer"),
    ("react native", "reactnative"),
    ("objective c", "objectivec"),
    ("business intelligence", "bi"),
    ("quality assurance", "qa"),
    ("system administrator", "sysadmin"),
    ("systems administrator", "sysadmin"),
    ("red team", "pentester"),
    ("red teamer", "pentester"),
    ("penetration tester", "pentester"),
    ("penetration testing", "pentester"),
    ("product owner", "productowner"),
    ("product manager", "productmanager"),
    ("site reliability", "sre"),
    ("computer vision", "computervision"),
    ("deep learning", "deeplearning"),
    ("machine learning", "ml"),
    ("artificial intelligence", "ai"),
    ("large language model", "llm"),
    ("large language models", "llm"),
    ("smart contract", "blockchain"),
    ("bare metal", "baremetal"),
    ("semi senior", "semisenior"),
    ("mid level", "mid"),
    ("mid senior", "senior"),
    ("entry level", "entrylevel"),
    ("ruby on rails", "rails"),
    ("front end", "frontend"),
    ("back end", "backend"),
    ("full stack", "fullstack"),
    ("dev ops", "devops"),
    ("on call", "oncall"),
    ("ci cd", "cicd"),
    ("next js", "nextjs"),
    ("node js", "nodejs"),
];

/// The words in lower case without accents, with `front-end` as `frontend` and so on.
pub(super) fn words(text: &str) -> Vec<String> {
    let apart = apart(&folded(text));
    let text = PHRASES.iter().fold(format!(" {} ", apart.join(" ")), |text, (said, meant)| {
        text.replace(&format!(" {said} "), &format!(" {meant} "))
    });
    text.split_whitespace().map(ToOwned::to_owned).collect()
}

/// The text in lower case, without accents and in ordinary letters.
pub(super) fn folded(text: &str) -> String {
    let plain = text.nfkd().filter(|c| !is_latin_accent(*c)).nfc().collect::<String>();
    let mut folded = String::with_capacity(plain.len());
    for c in plain.to_lowercase().chars() {
        match c {
            'ł' => folded.push('l'),
            'ø' => folded.push('o'),
            'đ' => folded.push('d'),
            'ı' => folded.push('i'),
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            // The dot that remains when the capital dotted I becomes lower case.
            c if is_latin_accent(c) => {}
            c => folded.push(c),
        }
    }
    folded
}

/// Whether this is an accent of a Latin letter; in other scripts, marks make different letters.
fn is_latin_accent(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

/// The words of a folded text as they are written.
fn apart(folded: &str) -> Vec<String> {
    let mut words = Vec::new();
    let text = folded.replace(".net", " dotnet").replace("(pb)", " plumbum ");
    for piece in text.split(|c: char| c.is_whitespace() || "/,;()[]|".contains(c)) {
        if let Some(abbreviation) = abbreviation(piece) {
            words.push(abbreviation);
            continue;
        }
        for word in piece.split(|c: char| !c.is_alphanumeric() && c != '+' && c != '#') {
            words.extend(by_script(word));
        }
    }
    words
}

/// "s.r.e." as one word.
fn abbreviation(piece: &str) -> Option<String> {
    let letters: Vec<&str> = piece.trim_end_matches('.').split('.').collect();
    let is_one = letters.len() > 1
        && letters
            .iter()
            .all(|part| part.chars().count() == 1 && part.chars().all(char::is_alphabetic));
    is_one.then(|| letters.concat())
}

/// Splits where a script without spaces meets a Latin word: "Rustエンジニア".
fn by_script(word: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut before = None;
    for c in word.chars() {
        let is_spaceless = c >= '\u{2e80}';
        match parts.last_mut().filter(|_| before == Some(is_spaceless)) {
            Some(part) => part.push(c),
            None => parts.push(c.to_string()),
        }
        before = Some(is_spaceless);
    }
    // The year of a standard is not part of the language's name.
    for part in &mut parts {
        if part.starts_with("c++") {
            part.truncate(3);
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn different_spellings_become_the_same_words() {
        for (text, expected) in [
            ("Front-End / BACK END", "frontend backend"),
            ("S.R.E.", "sre"),
            ("Ｒｕｓｔ 𝐏𝐲𝐭𝐡𝐨𝐧", "rust python"),
            ("de\u{301}veloppeur DÉVELOPPEUR", "developpeur developpeur"),
            ("GELİŞTİRİCİ geliştirici yazılım", "gelistirici gelistirici yazilim"),
            ("ｿﾌﾄｳｪｱ ソフトウェア", "ソフトウェア ソフトウェア"),
            ("RustとKubernetesの経験", "rust と kubernetes の経験"),
            ("C++20, C#, .NET", "c++ c# dotnet"),
            ("Młodszy Straße", "mlodszy strasse"),
            ("Site Reliability Engineer", "sre engineer"),
            ("Programmer. Node.js", "programmer nodejs"),
        ] {
            assert_eq!(words(text).join(" "), expected, "{text}");
        }
    }
}
