//! The level that a role names: "Senior Rust engineer", "intern, data", "SDE II".

use crate::domain::interview::Level;

/// What a word says about the level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LevelWord {
    /// A trainee, whatever else is said: "intern, staff tools".
    Training,
    /// A level.
    Level(Level),
}

/// Words for trainees, in lower case without accents.
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
const PARTS: &[(&str, LevelWord)] = &[
    ("junior", LevelWord::Level(Level::Junior)),
    ("senior", LevelWord::Level(Level::Senior)),
    ("стажер", LevelWord::Training),
    ("实习", LevelWord::Training),
    ("實習", LevelWord::Training),
    ("インターン", LevelWord::Training),
    ("인턴", LevelWord::Training),
    ("младш", LevelWord::Level(Level::Junior)),
    ("джуниор", LevelWord::Level(Level::Junior)),
    ("初级", LevelWord::Level(Level::Junior)),
    ("初級", LevelWord::Level(Level::Junior)),
    ("新卒", LevelWord::Level(Level::Junior)),
    ("ジュニア", LevelWord::Level(Level::Junior)),
    ("주니어", LevelWord::Level(Level::Junior)),
    ("신입", LevelWord::Level(Level::Junior)),
    ("мидл", LevelWord::Level(Level::Mid)),
    ("миддл", LevelWord::Level(Level::Mid)),
    ("中级", LevelWord::Level(Level::Mid)),
    ("中級", LevelWord::Level(Level::Mid)),
    ("старш", LevelWord::Level(Level::Senior)),
    ("ведущ", LevelWord::Level(Level::Senior)),
    ("сеньор", LevelWord::Level(Level::Senior)),
    ("高级", LevelWord::Level(Level::Senior)),
    ("高級", LevelWord::Level(Level::Senior)),
    ("资深", LevelWord::Level(Level::Senior)),
    ("資深", LevelWord::Level(Level::Senior)),
    ("シニア", LevelWord::Level(Level::Senior)),
    ("시니어", LevelWord::Level(Level::Senior)),
    ("главн", LevelWord::Level(Level::Staff)),
    ("首席", LevelWord::Level(Level::Staff)),
    ("수석", LevelWord::Level(Level::Staff)),
];

/// What a whole word says.
pub(super) fn of_word(word: &str) -> Option<LevelWord> {
    let has = |list: &str| list.split_whitespace().any(|one| one == word);
    let levels = [JUNIOR, MID, SENIOR, STAFF].iter().zip(Level::ALL);
    let level =
        || levels.into_iter().find(|(list, _)| has(list)).map(|(_, level)| LevelWord::Level(level));
    if has(TRAINING) { Some(LevelWord::Training) } else { level() }
}

/// What parts of a word say.
pub(super) fn of_parts(word: &str) -> Option<LevelWord> {
    PARTS.iter().find(|(part, _)| word.contains(part)).map(|(_, said)| *said)
}

/// The level of a role; the highest, if it names several ("junior to mid", "senior staff").
pub(super) fn of_all(said: impl Iterator<Item = LevelWord> + Clone) -> Option<Level> {
    if said.clone().any(|one| one == LevelWord::Training) {
        return Some(Level::Junior);
    }
    let level = |one| match one {
        LevelWord::Level(level) => Some(level),
        LevelWord::Training => None,
    };
    said.filter_map(level).max()
}
