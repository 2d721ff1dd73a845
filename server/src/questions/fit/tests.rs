mod roles;

use super::*;

fn best(role: &str, fit: Fit) -> Vec<String> {
    let bank = Bank::built_in().unwrap();
    let fits = fits(&bank, role, &[], "").topics;
    bank.topics.iter().zip(fits).filter(|(_, f)| *f == fit).map(|(t, _)| t.name.clone()).collect()
}

#[test]
fn a_role_in_free_text_finds_its_topics() {
    assert_eq!(best("Rust backend engineer", Fit::Named), ["rust"]);
    assert!(best("Rust backend engineer", Fit::Role).contains(&"databases".to_owned()));
    assert_eq!(best("Senior React developer", Fit::Named), ["frontend", "javascript"]);
    assert!(best("SRE", Fit::Role).contains(&"observability".to_owned()));
    assert!(best("ios dev", Fit::Named).contains(&"mobile".to_owned()));
    for other in ["javascript", "python"] {
        assert!(best("Rust backend engineer", Fit::Other).contains(&other.to_owned()));
    }
    assert!(best("Backend engineer", Fit::Other).contains(&"rust".to_owned()));
    assert!(best("ML engineer", Fit::Named).contains(&"machine-learning".to_owned()));
}

#[test]
fn a_role_without_a_subject_gets_general_topics() {
    let general = best("Software engineer", Fit::Role);
    assert!(general.len() >= 3, "{general:?}");
    assert!(best("Software engineer", Fit::Named).is_empty());
}

#[test]
fn chosen_topics_are_known_by_name_title_or_common_word() {
    let bank = Bank::built_in().unwrap();
    for (chosen, name) in [
        ("api-design", "api-design"),
        ("Operating Systems", "operating-systems"),
        ("SQL", "sql"),
        ("ML", "machine-learning"),
        ("postgres", "databases"),
    ] {
        let fits = fits(&bank, "x", &[chosen.to_owned()], "").topics;
        let at = fits.iter().position(|fit| *fit == Fit::Named).expect(chosen);
        assert_eq!(bank.topics[at].name, name);
    }
}

#[test]
fn a_job_advert_names_topics_too() {
    let bank = Bank::built_in().unwrap();
    let fits =
        fits(&bank, "Engineer", &[], "You will go deep into networking and observability.").topics;
    let named: Vec<_> = bank
        .topics
        .iter()
        .zip(fits)
        .filter(|(_, fit)| *fit == Fit::Named)
        .map(|(topic, _)| topic.name.as_str())
        .collect();
    assert_eq!(named, ["networking", "observability"]);
}

#[test]
fn everyday_words_of_an_advert_choose_no_topic_and_markup_says_nothing() {
    let bank = Bank::built_in().unwrap();
    let named = |advert: &str| -> Vec<String> {
        let fits = fits(&bank, "Software engineer", &[], advert).topics;
        let all = bank.topics.iter().zip(fits);
        all.filter(|(_, fit)| *fit == Fit::Named).map(|(t, _)| t.name.clone()).collect()
    };
    let everyday =
        "We offer a performance bonus, a mobile phone, job security and a delivery of fruit.";
    assert_eq!(named(everyday), Vec::<String>::new());
    assert_eq!(
        named("<div class=\"kubernetes python\">We bake bread.</div>"),
        Vec::<String>::new()
    );
    assert_eq!(named("Security is our trade: security reviews all day."), ["security"]);
    assert_eq!(named("You know PostgreSQL well."), ["databases", "sql"]);
}

fn named(fits: &Fits) -> Vec<String> {
    let bank = Bank::built_in().unwrap();
    let all = bank.topics.iter().zip(&fits.topics);
    all.filter(|(_, fit)| **fit == Fit::Named).map(|(topic, _)| topic.name.clone()).collect()
}

#[test]
fn a_language_that_the_bank_lacks_is_reported_and_the_rest_of_the_role_counts() {
    let bank = Bank::built_in().unwrap();
    for (role, lacking, topic) in [
        ("Haskell developer", "Haskell", None),
        ("COBOL-Entwickler", "COBOL", None),
        ("Perl hacker", "Perl", None),
        ("PHP dev", "PHP", Some("databases")),
        ("Ruby on Rails developer", "Ruby", Some("databases")),
        ("Scala data engineer", "Scala", Some("data-engineering")),
        ("SAP ABAP consultant", "ABAP", None),
        ("Flutter developer", "Dart", Some("mobile")),
    ] {
        let fits = fits(&bank, role, &[], "");
        assert_eq!(fits.missing, [lacking], "{role}");
        assert!(!fits.is_unknown, "{role}");
        if let Some(topic) = topic {
            let at = bank.topics.iter().position(|one| one.name == topic).unwrap();
            assert!(fits.topics[at] <= Fit::Role, "{role}");
        }
    }
    for role in ["Swift engineer", "Ada Lovelace's cook", "Ruby jeweller", "Objective-C developer"]
    {
        assert!(fits(&bank, role, &[], "").missing.is_empty(), "{role}");
    }
}

#[test]
fn chosen_topics_are_found_by_many_names() {
    let bank = Bank::built_in().unwrap();
    for (chosen, name) in [
        ("Machine Learning", "machine-learning"),
        ("machine_learning", "machine-learning"),
        ("MACHINE-LEARNING", "machine-learning"),
        ("k8s", "kubernetes-cloud"),
        ("C++", "cpp"),
        ("c#", "csharp"),
        ("js", "javascript"),
        ("TS", "typescript"),
        ("system design", "system-design"),
        (" rust ", "rust"),
    ] {
        let fits = fits(&bank, "Registered dietitian", &[chosen.to_owned()], "");
        assert!(named(&fits).contains(&name.to_owned()), "{chosen}");
        assert!(fits.missing.is_empty() && !fits.is_unknown, "{chosen}");
    }
    let topics = ["quantum", "Quantum", "rust"].map(ToOwned::to_owned);
    let fits = fits(&bank, "x", &topics, "");
    assert_eq!(fits.missing, ["quantum"]);
    assert_eq!(named(&fits), ["rust"]);
}

#[test]
fn an_advert_is_read_for_its_requirements() {
    let bank = Bank::built_in().unwrap();
    let everyday = "Python-skin handbags, java coffee in our kitchen, rust-free company bikes. You go the \
                    extra mile and react quickly to swift growth. Spring team outing, oracle of wisdom.";
    let office = "A safe working environment, a security deposit, a test drive, a network of friends, a \
                  cloud of dust, a delivery van, the frontend of the shop, a performance review, the \
                  architecture of the building, teamwork, leadership.";
    let page = "<html><style>.go{}</style><script>let java = 'rust'</script><p class=\"go rust java\">Roses \
                and tulips</p><!-- kubernetes --><a href=\"/jobs/python\">Apply</a></html>";
    for (advert, expected) in [
        (everyday, vec![]),
        (office, vec![]),
        (page, vec![]),
        (
            "[apply](https://x.example/java/android) See https://x.example/?utm_source=python-weekly",
            vec![],
        ),
        (
            "You write Go services, run them on Kubernetes and tune PostgreSQL.",
            vec!["databases", "delivery", "go", "kubernetes-cloud", "sql"],
        ),
        ("No Java, no PHP: we left these in 2015. We write Rust.", vec!["rust"]),
        ("You need not know Kubernetes. We write Python.", vec!["python"]),
        ("Sie entwickeln Steuergeräte-Software in C++.", vec!["cpp", "embedded"]),
        ("RustとKubernetesの経験", vec!["delivery", "kubernetes-cloud", "rust"]),
        ("We use C&#43;&#43; every day", vec!["cpp"]),
    ] {
        let fits = fits(&bank, "Office manager", &[], advert);
        assert_eq!(named(&fits), expected, "{advert}");
        assert_eq!(fits.is_advert_unknown, expected.is_empty(), "{advert}");
        assert_eq!(fits.is_unknown, expected.is_empty(), "{advert}");
    }
    let fits =
        fits(&bank, "Engineer", &[], "Equal opportunity for all. You know Elixir, Phoenix, OTP.");
    assert_eq!(fits.missing, ["Elixir", "Phoenix"]);
}

/// An entry of the tables that `words` would write differently could never be found.
#[test]
fn tables_are_spelt_as_they_are_looked_up() {
    use crate::questions::{subjects, titles};
    let said = |pairs: &'static [(&str, &str)]| pairs.iter().map(|(said, _)| *said);
    let lists = [titles::HEADS, titles::SOFTWARE, titles::FIELDS, titles::NEUTRAL];
    let all = said(subjects::MEANINGS)
        .chain(said(subjects::VAGUE))
        .chain(said(subjects::ALONE))
        .chain(said(subjects::LACKING))
        .chain(lists.into_iter().flat_map(str::split_whitespace));
    for word in all {
        assert_eq!(words(word), [word]);
    }
    for (part, _) in titles::FOREIGN {
        assert_eq!(crate::questions::words::folded(part), *part);
    }
}
