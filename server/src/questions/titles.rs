//! The words that people use for professions and the like, in lower case without accents, and the English
//! for parts of words in other scripts.

/// Professions that build software, or may build it.
pub(super) const HEADS: &str = "coder coders desarrollador desarrolladora desenvolvedor desenvolvedora dev devel developer \
    developers developpeur developpeuse dezvoltator eng engenheira engenheiro engenheiros engineer \
    engineering engineers engr entwickler entwicklerin entwicklers gelistirici gelistiricisi \
    fachinformatiker fachinformatikerin hacker informatiker informatikerin ingegnere ingeniera ingeniero ingenieur ingenieure ingenieurin \
    inginer inzynier inzynierka kehittaja muhendis muhendisi ninja ohjelmoija ontwikkelaar ontwikkelaarster \
    programador programadora programista programmatore programmer programmerare programmers programmeur \
    programmeuse programmierer programmiererin rockstar scripter sviluppatore sviluppatrice udvikler utvecklare \
    trinh utvikler wizard";

/// Words for software as such.
pub(super) const SOFTWARE: &str = "apis coding computer digital informatica informaticien informaticienne informatico informatics \
    informatik informatique informatyk it logiciel logiciels mts ohjelmisto oprogramowania \
    plugin plugins programmierung programming programvara software softwareentwicklung systemen tech technical \
    technologie technology yazilim";

/// Fields of engineering, and trades, that have nothing to do with software.
pub(super) const FIELDS: &str = "agricultural bauingenieur biomedical chef chemical child civil clerk clinical curriculum driver \
    elektriker estate fitness food fundraising geotechnical guard hairdresser hvac hydraulic landscape \
    locomotive manufacturing marine maschinenbau mechanical mining nuclear nurse nursing packaging \
    petroleum pilot plumbing property railway recruiter recruitment roofing roustabout sales salesman \
    salesperson sanitation sound structural teacher textile traffic train vertrieb water welding";

/// Words that say nothing about the subject.
pub(super) const NEUTRAL: &str = "a administrateur ads all amministratore an and anwendungen apac aplicaciones aplicacoes applicazioni \
    at based beauftragte beauftragter betrieb billing checkout company contract contractor contributor \
    core d das day de der des development di die div do dos du e ecommerce el emea en entwicklung \
    especialista et eu evangelist experience expert f fintech fm for freelance freelancer freiberufler \
    fuer full fulltime fur g genders gn guru h head heavy hf hybrid in individual internal la lap las le \
    ledger level los m member months mos mw na native new night o oder of on operations ops or ou part \
    parttime payment payments per pessoa po position pour professional remote research researcher role s \
    saas series service services shift site sites specialist specialiste spezialist spezialistin stack \
    start startup systemy team teams technician technicien techniker technikerin tecnico the time to \
    tooling tools trading uk und up us usa v vien w with x y years yrs z zzgl";

/// Parts of words in other scripts, and of inflected words, with their English.
pub(super) const FOREIGN: &[(&str, &str)] = &[
    ("apprentissage", "ml"),
    ("안드로이드", "android"),
    ("アンドロイド", "android"),
    ("安卓", "android"),
    ("모바일", "mobile"),
    ("클라우드", "cloud"),
    ("クラウド", "cloud"),
    ("云", "cloud"),
    ("разработ", "developer"),
    ("программист", "developer"),
    ("инженер", "engineer"),
    ("тестиров", "qa"),
    ("данн", "data"),
    ("бэкенд", "backend"),
    ("фронтенд", "frontend"),
    ("девопс", "devops"),
    ("безопасност", "security"),
    ("мобильн", "mobile"),
    ("エンジニア", "engineer"),
    ("プログラマ", "developer"),
    ("開発者", "developer"),
    ("データ", "data"),
    ("ソフトウェア", "software"),
    ("バックエンド", "backend"),
    ("フロントエンド", "frontend"),
    ("インフラ", "infrastructure"),
    ("セキュリティ", "security"),
    ("テスト", "qa"),
    ("モバイル", "mobile"),
    ("機械学習", "ml"),
    ("工程师", "engineer"),
    ("工程師", "engineer"),
    ("开发", "developer"),
    ("開發", "developer"),
    ("程序员", "developer"),
    ("软件", "software"),
    ("軟體", "software"),
    ("前端", "frontend"),
    ("后端", "backend"),
    ("後端", "backend"),
    ("数据", "data"),
    ("测试", "qa"),
    ("机器学习", "ml"),
    ("安全", "security"),
    ("개발자", "developer"),
    ("엔지니어", "engineer"),
    ("데이터", "data"),
    ("백엔드", "backend"),
    ("프론트엔드", "frontend"),
    ("소프트웨어", "software"),
    ("보안", "security"),
    ("مطور", "developer"),
    ("مهندس", "engineer"),
    ("مطور", "developer"),
    ("مبرمج", "developer"),
    ("برامج", "software"),
    ("برمجيات", "software"),
    ("برمجيات", "software"),
    ("מפתח", "developer"),
    ("aprendizado", "ml"),
    ("aprendizaje", "ml"),
    ("apprendimento", "ml"),
    ("数据库", "database"),
    ("資料庫", "database"),
    ("データベース", "database"),
    ("데이터베이스", "database"),
    ("баз", "database"),
    ("組み込み", "embedded"),
    ("嵌入式", "embedded"),
    ("임베디드", "embedded"),
    ("встраив", "embedded"),
    ("встроен", "embedded"),
    ("网络", "network"),
    ("網路", "network"),
    ("ネットワーク", "network"),
    ("네트워크", "network"),
    ("сетев", "network"),
    ("运维", "sre"),
    ("移动", "mobile"),
    ("行動", "mobile"),
    ("мобиль", "mobile"),
    ("андроид", "android"),
    ("全栈", "fullstack"),
    ("풀스택", "fullstack"),
    ("フルスタック", "fullstack"),
    ("フルスタツク", "fullstack"),
    ("人工智能", "ai"),
    ("人工知能", "ai"),
    ("машинн", "ml"),
    ("머신러닝", "ml"),
    ("算法", "algorithms"),
    ("架构", "architect"),
    ("архитектор", "architect"),
    ("アーキテクト", "architect"),
    ("информацион", "it"),
    ("програмн", "software"),
    ("программн", "software"),
    ("системн", "systems"),
    ("администратор", "admin"),
    ("管理员", "admin"),
    ("管理者", "admin"),
    ("테스트", "qa"),
    ("テスター", "qa"),
    ("품질", "qa"),
    ("品質", "qa"),
    ("аналитик", "analyst"),
    ("分析", "analyst"),
    ("データサイエンティスト", "scientist"),
    ("ウェブ", "web"),
    ("веб", "web"),
    ("网页", "web"),
    ("웹", "web"),
    ("דאטה", "data"),
    ("תוכנה", "software"),
    ("البيانات", "data"),
    ("グロース", "growth"),
];

/// The letters that link the parts of a compound.
pub(super) const LINKS: [&str; 4] = ["", "s", "n", "en"];
