//! The level that a role names: "Senior Rust engineer", "intern, data", "SDE II".

use crate::domain::interview::Level;

/// What a word says of the level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    /// Somebody in training, whatever else is said: "intern, staff tools".
    Training,
    /// A level.
    Level(Level),
}

/// Words for somebody in training, in lower case without accents.
const TRAINING: &str = "intern internship trainee apprentice graduate grad werkstudent werkstudentin \
    praktikant praktikantin azubi auszubildende auszubildender alternant alternante stagiaire apprenti \
    apprentie becario becaria practicante estagiario estagiaria tirocinante stagista stazysta stazystka \
    praktykant stagiair leerling praktikum ausbildung student students";

const JUNIOR: &str = "junior juniors jr jnr associate entry entrylevel beginner absolvent absolventin \
    debutant debutante mlodszy mlodsza ayudante i";

const MID: &str =
    "mid middle medior intermediate regular pleno plena semisenior ssr confirme confirmee ii";

const SENIOR: &str = "senior sr snr experienced erfahren erfahrener erfahrene lead techlead teamlead \
    starszy starsza seniore iii";

const STAFF: &str = "staff principal distinguished fellow cto ciso vpe chief director iv";

/// Parts of words in scripts and languages that inflect or have no spaces.
const PARTS: &[(&str, Said)] = &[
    ("junior", Said::Level(Level::Junior)),
    ("senior", Said::Level(Level::Senior)),
    ("стажер", Said::Training),
    ("实习", Said::Training),
    ("實習", Said::Training),
    ("インターン", Said::Training),
    ("인턴", Said::Training),
    ("младш", Said::Level(Level::Junior)),
    ("джуниор", Said::Level(Level::Junior)),
    ("初级", Said::Level(Level::Junior)),
    ("初級", Said::Level(Level::Junior)),
    ("新卒", Said::Level(Level::Junior)),
    ("ジュニア", Said::Level(Level::Junior)),
    ("주니어", Said::Level(Level::Junior)),
    ("신입", Said::Level(Level::Junior)),
    ("мидл", Said::Level(Level::Mid)),
    ("миддл", Said::Level(Level::Mid)),
    ("中级", Said::Level(Level::Mid)),
    ("中級", Said::Level(Level::Mid)),
    ("старш", Said::Level(Level::Senior)),
    ("ведущ", Said::Level(Level::Senior)),
    ("сеньор", Said::Level(Level::Senior)),
    ("高级", Said::Level(Level::Senior)),
    ("高級", Said::Level(Level::Senior)),
    ("资深", Said::Level(Level::Senior)),
    ("資深", Said::Level(Level::Senior)),
    ("シニア", Said::Level(Level::Senior)),
    ("시니어", Said::Level(Level::Senior)),
    ("главн", Said::Level(Level::Staff)),
    ("首席", Said::Level(Level::Staff)),
    ("수석", Said::Level(Level::Staff)),
];

/// What a whole word says.
pub(super) fn of_word(word: &str) -> Option<Said> {
    let has = |list: &str| list.split_whitespace().any(|one| one == word);
    let levels = [JUNIOR, MID, SENIOR, STAFF].iter().zip(Level::ALL);
    let level =
        || levels.into_iter().find(|(list, _)| has(list)).map(|(_, level)| Said::Level(level));
    if has(TRAINING) { Some(Said::Training) } else { level() }
}

/// What parts of a word say.
pub(super) fn of_parts(word: &str) -> Option<Said> {
    PARTS.iter().find(|(part, _)| word.contains(part)).map(|(_, said)| *said)
}

/// The level of a role; where it names several ("junior to mid", "senior staff"), the highest.
pub(super) fn of_all(said: impl Iterator<Item = Said> + Clone) -> Option<Level> {
    if said.clone().any(|one| one == Said::Training) {
        return Some(Level::Junior);
    }
    let level = |one| match one {
        Said::Level(level) => Some(level),
        Said::Training => None,
    };
    said.filter_map(level).max()
}
