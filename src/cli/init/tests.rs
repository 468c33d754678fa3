use std::cell::RefCell;
use std::os::unix::fs::PermissionsExt;
use std::rc::Rc;

use super::*;
use crate::config::Database;
use crate::domain::settings::Review;
use crate::ids::SeededEntropy;

/// What was printed.
#[derive(Clone, Default)]
struct Printed(Rc<RefCell<Vec<u8>>>);

impl Write for Printed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Runs `init` in `dir` and gives the exit and what it printed, errors after the rest.
fn init(dir: &Path, typed: Option<&str>, json: bool) -> (Exit, String) {
    let (out, err) = (Printed::default(), Printed::default());
    let mut report = Report::new(json, out.clone(), err.clone());
    let args = InitArgs { dir: dir.to_owned() };
    let exit = run(&args, &SeededEntropy::new(5), typed.map(str::as_bytes), &mut report);
    let bytes = [out.0.take(), err.0.take()].concat();
    (exit, String::from_utf8(bytes).unwrap())
}

fn load(dir: &Path) -> Config {
    Config::load(&dir.join("rightsdesk.toml"), &|_| None).unwrap()
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn without_a_terminal_the_defaults_are_written_and_load() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("new");
    let (exit, printed) = init(&dir, None, false);
    assert_eq!(exit, Exit::Well, "{printed}");
    let config = load(&dir);
    assert_eq!(config.organisation.name, "Example Company");
    assert_eq!(config.web.base_url.as_str(), "http://127.0.0.1:8080");
    assert_eq!(config.database, Database::Sqlite(dir.join("data/rightsdesk.db")));
    assert_eq!(config.review.access, Review::Staff);
    assert!(config.maps.is_empty(), "no store is mapped yet");
    config.keys.root_key().unwrap();
    assert_eq!(mode(&dir.join("keys")), 0o700);
    assert_eq!(mode(&dir.join("data")), 0o700);
    assert_eq!(mode(&dir.join("keys/root.key")), 0o600);
}

#[test]
fn what_is_there_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(init(folder.path(), None, false).0, Exit::Well, "an empty folder will do");
    let key = fs::read(folder.path().join("keys/root.key")).unwrap();
    for file in ["rightsdesk.toml", "maps/example.toml.txt"] {
        let (exit, printed) = init(folder.path(), None, false);
        assert_eq!(exit, Exit::Wrong);
        assert!(printed.contains(file) && printed.contains("keys/root.key"), "{printed}");
        assert!(printed.contains("is there already"), "{printed}");
        fs::remove_file(folder.path().join(file)).unwrap();
    }
    // The key alone is enough to stop, and nothing is written beside it.
    assert_eq!(init(folder.path(), None, false).0, Exit::Wrong);
    assert!(!folder.path().join("rightsdesk.toml").exists());
    assert_eq!(fs::read(folder.path().join("keys/root.key")).unwrap(), key);
}

#[test]
fn scripts_get_one_object() {
    let folder = tempfile::tempdir().unwrap();
    let (_, printed) = init(folder.path(), None, true);
    let object: serde_json::Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(object["ok"], true);
    assert_eq!(object["written"].as_array().unwrap().len(), 5);
    let (exit, printed) = init(folder.path(), None, true);
    let object: serde_json::Value = serde_json::from_str(&printed).unwrap();
    assert_eq!((exit, &object["ok"]), (Exit::Wrong, &json!(false)));
    assert_eq!(object["errors"][0]["code"], "exists");
    assert!(object["errors"][0]["where"].as_str().unwrap().ends_with("rightsdesk.toml"));
}

#[test]
fn on_a_terminal_the_answers_go_into_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let typed = "Müller \"Shop\"\nhttp://shop.example\nhttps://privacy.shop.example/\n3\n1\n";
    let (exit, printed) = init(folder.path(), Some(typed), false);
    assert_eq!(exit, Exit::Well, "{printed}");
    assert!(printed.contains("write https://") && printed.contains("write 1 or 2"), "{printed}");
    let config = load(folder.path());
    assert_eq!(config.organisation.name, "Müller \"Shop\"");
    assert_eq!(config.web.base_url.as_str(), "https://privacy.shop.example");
    assert_eq!(config.review.deletion, DeletionReview::Staff);
    assert_eq!(config.web.listen.port(), 8080);
}

#[test]
fn an_address_on_this_machine_is_where_the_service_listens() {
    for (base, listen) in [
        ("http://localhost:3000", "127.0.0.1:3000"),
        ("http://[::1]:3000", "[::1]:3000"),
        ("http://127.0.0.2", "127.0.0.2:80"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let (exit, printed) = init(folder.path(), Some(&format!("\n{base}\n\n")), false);
        assert_eq!(exit, Exit::Well, "{printed}");
        assert_eq!(load(folder.path()).web.listen.to_string(), listen);
    }
}

#[test]
fn answers_that_could_not_be_started_with_write_nothing() {
    for typed in ["\nhttp://127.0.0.1:8081\n\n", "only a name\n"] {
        let folder = tempfile::tempdir().unwrap();
        let (exit, printed) = init(folder.path(), Some(typed), false);
        assert_eq!(exit, Exit::Wrong, "{printed}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}

#[test]
fn the_template_has_each_line_that_answers_replace_once() {
    for line in [NAME_LINE, BASE_LINE, LISTEN_LINE, DELETION_LINE] {
        let lines = TEMPLATE.lines().filter(|found| *found == line);
        assert_eq!(lines.count(), 1, "{line}");
    }
}

#[test]
fn the_example_map_is_toml_of_our_format() {
    let map: toml::Table = EXAMPLE_MAP.parse().unwrap();
    assert_eq!(map["format"].as_str(), Some("rightsdesk-map/1"));
    assert!(map["store"]["shop"]["table"]["customer"]["person"].as_bool().unwrap());
}
