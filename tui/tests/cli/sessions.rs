//! Sessions: where you are signed in, and ending them.

use crate::support::{Server, Viva};

#[test]
fn sessions_are_listed_with_their_device_and_ended_one_by_one() {
    let server = Server::start();
    let (here, there) = (Viva::on(&server.url), Viva::on(&server.url));
    here.sign_up("ana");
    let signed_in = there.run_with(&["login", "--username", "ana"], "correct horse 42\n");
    assert_eq!(signed_in.code, 0, "{signed_in:?}");
    let listed = here.run(&["sessions"]);
    assert_eq!(listed.out.lines().count(), 2, "{listed:?}");
    assert_eq!(listed.out.matches("this session").count(), 1, "{listed:?}");
    let device = format!("viva/{} (", env!("CARGO_PKG_VERSION"));
    assert_eq!(listed.out.matches(&device).count(), 2, "{listed:?}");

    let sessions = here.json(&["sessions"])["sessions"].clone();
    let other = sessions.as_array().unwrap().iter().find(|s| s["is_current"] == false).unwrap();
    let id = other["id"].to_string();
    let ended = here.run(&["sessions", "end", &id]);
    assert_eq!((ended.code, ended.out.as_str()), (0, &*format!("Session {id} has ended.\n")));
    assert_eq!(there.run(&["whoami"]).code, 4, "the next call is refused");
    let again = here.run(&["sessions", "end", &id]);
    assert_eq!(again.code, 3);
    assert!(again.err.contains("`viva sessions` shows yours"), "{again:?}");

    let own = here.json(&["sessions"])["sessions"][0]["id"].to_string();
    let left = here.run(&["sessions", "end", &own]);
    assert!(left.out.ends_with("you are signed out.\n"), "{left:?}");
    assert_eq!(here.run(&["whoami"]).code, 4);
}

#[test]
fn all_other_sessions_end_together_and_this_one_stays() {
    let server = Server::start();
    let (here, there) = (Viva::on(&server.url), Viva::on(&server.url));
    here.sign_up("ana");
    there.run_with(&["login", "--username", "ana"], "correct horse 42\n");
    assert_eq!(here.run(&["sessions", "end"]).code, 2, "the command needs to know which session");
    assert_eq!(here.run(&["sessions", "end", "--others"]).code, 0);
    assert_eq!(there.run(&["whoami"]).code, 4);
    assert_eq!(here.run(&["whoami"]).code, 0);
    let built_in = Viva::new();
    let refused = built_in.run(&["sessions"]);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("viva sessions --server"), "{refused:?}");
}
