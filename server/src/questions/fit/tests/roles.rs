//! The tables of roles: what people call themselves, and the topics that each must get.

use super::*;

/// Roles that people have, with a topic that each must get; "none" if the bank has nothing for it, and
/// "general" if it has no subject.
const ROLES: [(&str, &str); 70] = [
    ("Software engineer", "general"),
    ("software developer", "general"),
    ("Sofware Enginer", "general"),
    ("Developer", "general"),
    ("Programmer", "general"),
    ("SWE II", "general"),
    ("Softwareentwickler", "general"),
    ("Softwareentwicklerin (m/w/d)", "general"),
    ("développeur logiciel", "general"),
    ("Ingénieure logiciel senior", "general"),
    ("desarrolladora de software", "general"),
    ("разработчик", "general"),
    ("软件工程师", "general"),
    ("ソフトウェアエンジニア", "general"),
    ("Werkstudent Softwareentwicklung", "general"),
    ("Software Engineer, Payments", "general"),
    ("Senior Rust engineer", "rust"),
    ("Rust backend engineer", "rust"),
    ("Backend developer intern", "databases"),
    ("back-end engineer", "databases"),
    ("Backendentwickler", "databases"),
    ("бэкенд разработчик", "databases"),
    ("后端开发", "databases"),
    ("백엔드 개발자", "databases"),
    ("Frontendentwickler", "frontend"),
    ("Front End Developer", "frontend"),
    ("Webentwickler", "frontend"),
    ("développeur frontend", "frontend"),
    ("React Native developer", "javascript"),
    ("fullstack", "api-design"),
    ("Full Stack Web Developer", "frontend"),
    ("Network engineer", "networking"),
    ("Netzwerktechniker", "networking"),
    ("Site Reliability Engineer III", "observability"),
    ("DevOps Engineer (AWS)", "delivery"),
    ("Kubernetes administrator", "delivery"),
    ("Cloud architect", "delivery"),
    ("Platform enginer", "delivery"),
    ("Data Engineer", "data-engineering"),
    ("データエンジニア", "data-engineering"),
    ("ingeniero de datos", "data-engineering"),
    ("Data analyst", "data-engineering"),
    ("Data Scientist", "machine-learning"),
    ("ML engineer", "machine-learning"),
    ("machne learning engineer", "machine-learning"),
    ("тестировщик", "testing"),
    ("QA tester", "testing"),
    ("Software tester", "testing"),
    ("SDET", "testing"),
    ("iOS dev", "ios"),
    ("C# developer", "csharp"),
    (".NET Entwickler", "csharp"),
    ("Tech lead", "leadership"),
    ("Software architect", "architecture"),
    ("Android Developer", "android"),
    ("Security Engineer", "security"),
    ("AppSec lead", "security"),
    ("Embedded firmware developer", "embedded"),
    ("Linux kernel hacker", "operating-systems"),
    ("Engineering manager", "leadership"),
    ("CTO", "system-design"),
    ("registered nurse", "none"),
    ("Llama groomer", "none"),
    ("Security guard", "none"),
    ("Wine tester", "none"),
    ("Server in a restaurant", "none"),
    ("Analyst", "none"),
    ("Civil engineer", "none"),
    ("Primary school teacher", "none"),
    ("Salesforce consultant", "none"),
];

/// The roles that do not get what they must.
fn misunderstood(roles: &[(&str, &str)]) -> Vec<String> {
    let bank = Bank::built_in().unwrap();
    let mut wrong = Vec::new();
    for (role, topic) in roles {
        let fits = fits(&bank, role, &[], "");
        let fit = bank.topics.iter().position(|t| t.name == *topic).map(|at| fits.topics[at]);
        let is_right = match *topic {
            "none" => fits.is_unknown,
            "general" => !fits.is_unknown && !fits.topics.contains(&Fit::Named),
            _ => fit.is_some_and(|fit| fit <= Fit::Role) && !fits.is_unknown,
        };
        if !is_right {
            wrong.push(format!("{role}: {topic}, {fit:?}, unknown {}", fits.is_unknown));
        }
    }
    wrong
}

#[test]
fn roles_are_understood_as_people_write_them_or_reported_as_unknown() {
    let wrong = misunderstood(&ROLES);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// More roles, by a person who had not seen the rule: a role, a tab, and a topic, "general" or "none".
#[test]
fn roles_by_an_independent_writer_are_understood() {
    let lines: Vec<(&str, &str)> = include_str!("../../../../tests/corpora/roles.tsv")
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .collect();
    assert!(lines.len() >= 100);
    let wrong = misunderstood(&lines);
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), lines.len(), wrong.join("\n"));
}

/// Lines of a table: a role, a tab, and what is expected.
fn table(text: &str) -> Vec<(&str, &str)> {
    text.lines().filter_map(|line| line.split_once('\t')).collect()
}

/// The roles that have none of the expected topics among their first five, or have an unexpected
/// language; or that are not reported as unknown, or general, where that is expected.
fn unfair(roles: &[(&str, &str)]) -> Vec<String> {
    let bank = Bank::built_in().unwrap();
    let mut wrong = Vec::new();
    for (role, expected) in roles {
        let fits = fits(&bank, role, &[], "");
        let named = named(&fits);
        let in_order = fits.in_order(&bank);
        let first: Vec<&str> =
            in_order.iter().take(5).map(|(topic, _)| topic.name.as_str()).collect();
        let is_expected = |topic: &str| expected.split(", ").any(|one| one == topic);
        let is_absurd = |topic: &String| LANGUAGES.contains(&topic.as_str()) && !is_expected(topic);
        let is_right = match *expected {
            "none" => fits.is_unknown,
            "general" => !fits.is_unknown && named.is_empty(),
            _ => {
                let has_one = first.iter().any(|topic| is_expected(topic));
                !fits.is_unknown && has_one && !named.iter().any(is_absurd)
            }
        };
        if !is_right {
            wrong.push(format!("{role}: {expected}; unknown {}, {first:?}", fits.is_unknown));
        }
    }
    wrong
}

/// Written by a person who had not seen the rule, in ten languages.
#[test]
fn roles_get_one_of_the_topics_that_a_fair_reader_expects() {
    let roles = table(include_str!("../../../../tests/corpora/roles-fair.tsv"));
    assert_eq!(roles.len(), 90);
    let wrong = unfair(&roles);
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), roles.len(), wrong.join("\n"));
}

#[test]
fn words_inside_other_words_and_everyday_words_are_not_subjects() {
    let unknown = [
        "Javanese teacher",
        "Rustic furniture maker",
        "Gopher wrangler (zoo)",
        "Trust officer",
        "Swiftwater rescuer",
        "Gone Wild tour guide",
        "Interior decorator",
        "Go-to-market manager",
        "Ready to go driver",
        "Executive C-suite coach",
        "R&D coordinator",
        "Swift-delivery courier",
        "Head of Spring collection (fashion)",
        "network television producer",
        "cloud kitchen chef",
        "mobile home salesman",
        "pregnancy test sales rep",
        "oil platform roustabout",
        "Nursee",
        "Chemfist",
        "Pilott",
        "Hotel mangaer",
        "Barrister",
        "Rusk baker",
        "Guest services",
        "Tester of wines",
        "Senior citizens' care worker",
        "Lead (Pb) smelter operator",
        "Intern medicine physician",
        "Technical recruiter",
        "Scientist",
        "Social security specialist",
        "Business development manager",
        "Compiler of dictionaries",
        "👩‍🍳",
        "???",
        "anything",
    ];
    let wrong = unfair(&unknown.map(|role| (role, "none")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn abbreviations_odd_letters_and_typing_errors_are_understood() {
    let roles = [
        ("S.R.E.", "observability"),
        ("SDE-2", "general"),
        ("SWE III", "general"),
        ("MTS", "general"),
        ("DBA/ETL", "databases"),
        ("QA", "testing"),
        ("DevSecOps", "security"),
        ("MLE", "machine-learning"),
        ("FE dev", "frontend"),
        ("BE dev", "api-design"),
        ("iOS/Android", "ios, android"),
        ("CISO", "security"),
        ("VPE", "leadership"),
        ("EM", "leadership"),
        ("Go developer", "go"),
        ("Golang dev", "go"),
        ("C/C++ firmware dev", "cpp, embedded"),
        ("C# .NET dev", "csharp"),
        ("Ｒｕｓｔ ｄｅｖｅｌｏｐｅｒ", "rust"),
        ("𝐏𝐲𝐭𝐡𝐨𝐧 engineer", "python"),
        ("de\u{301}veloppeur Java", "java"),
        ("DÉVELOPPEUR JAVA", "java"),
        ("YAZILIM GELİŞTİRİCİ (JAVA)", "java"),
        ("ｿﾌﾄｳｪｱｴﾝｼﾞﾆｱ", "general"),
        ("Pyhton devleoper", "python"),
        ("Javva devveloper", "java"),
        ("backendengineer", "api-design"),
        ("Fullstackdeveloper", "api-design"),
        ("Front end devel oper", "frontend"),
        ("Back-End-Engineer", "api-design"),
        ("Postgress DBA", "databases"),
        ("Adnroid dev", "android"),
        ("Kubernets enginer", "kubernetes-cloud"),
        ("network administrator", "networking"),
        ("security engineer", "security"),
        ("kernel developer", "operating-systems"),
        ("software", "general"),
        ("IT", "general"),
        ("Informatiker", "general"),
        ("Fachinformatiker", "general"),
        ("intern", "general"),
        ("ohjelmistokehittäjä", "general"),
        ("lập trình viên", "general"),
        ("مطور برامج", "general"),
        ("plugin developer", "general"),
        ("internal tools developer", "general"),
        ("Salesforce developer", "general"),
        ("assembly programmer", "general"),
        ("Lua scripter", "general"),
        ("webmaster", "frontend"),
        ("assembly line worker", "none"),
        ("internal auditor", "none"),
    ];
    let wrong = unfair(&roles);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_level_that_a_role_names_is_understood() {
    use Level::{Junior, Mid, Senior, Staff};
    let bank = Bank::built_in().unwrap();
    for (role, expected) in [
        ("Rust engineer", None),
        ("Senior Rust engineer", Some(Senior)),
        ("Sr. Backend Engineer", Some(Senior)),
        ("intern, data platform", Some(Junior)),
        ("Staff SRE (EMEA)", Some(Staff)),
        ("Principal Engineer, Databases", Some(Staff)),
        ("Tech lead", Some(Senior)),
        ("SDE II", Some(Mid)),
        ("SDE-3", Some(Senior)),
        ("Software engineer 1", Some(Junior)),
        ("Werkstudent Softwareentwicklung", Some(Junior)),
        ("Juniorentwickler Java", Some(Junior)),
        ("Trainee Data Engineer", Some(Junior)),
        ("Entry-level C++ programmer", Some(Junior)),
        ("Ingeniero de datos semi senior", Some(Mid)),
        ("Pessoa desenvolvedora front-end pleno", Some(Mid)),
        ("Développeuse confirmée Java", Some(Mid)),
        ("Старший разработчик на Rust", Some(Senior)),
        ("Младший программист", Some(Junior)),
        ("前端开发工程师(高级)", Some(Senior)),
        ("실습 인턴 백엔드 개발자", Some(Junior)),
        // A level without a profession.
        ("intern", Some(Junior)),
        ("Werkstudent", Some(Junior)),
        ("Praktikant (m/w/d)", Some(Junior)),
        ("стажёр", Some(Junior)),
        ("Senior", Some(Senior)),
        // The highest of several levels counts, but trainees are junior.
        ("Junior to Mid Java developer", Some(Mid)),
        ("Senior staff engineer", Some(Staff)),
        ("Intern, staff tools, software", Some(Junior)),
        // A profession that the bank does not know has no level.
        ("Staff nurse", None),
        ("Lead (Pb) smelter operator", None),
        ("Principal of a primary school", None),
        ("Member of technical staff", None),
    ] {
        assert_eq!(level(&bank, role), expected, "{role}");
    }
}
