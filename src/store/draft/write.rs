//! The draft as a file.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::guess::Guess;
use super::{Draft, Erase, Heading, Place, Reference, Seen, TableDraft};
use crate::store::map::FORMAT;
use crate::store::sql::schema::Keyset;

/// What only people know, with an example of each.
const TO_FILL: &str = "\
# What follows only people know. Take the # away and write what is true; `map check` names each line
# that is missing.
#label = { en = \"Shop accounts\", de = \"Shop-Konten\" }   # what people call it
#controller = \"self\"                    # or who decides about the data
#purposes = [\"contract\"]                # why the data are processed
#basis = \"GDPR 6(1)(b)\"                 # on which legal basis
#source = \"the person\"                  # where the data come from
#recipients = []                        # who receives them: [\"Payment provider\"], or [] for none
#country = \"DE\"                         # where they are, in two capitals
#retention = \"until the account is closed\"
#backup = \"30d\"                         # how long backups keep them
";
const MARK: &str = "# guessed: check";

pub(super) fn write(heading: &Heading, seen: &Seen, tables: &[TableDraft]) -> Draft {
    let names = |of: &dyn Fn(&TableDraft) -> bool| -> Vec<String> {
        tables.iter().filter(|table| of(table)).map(|table| table.name.clone()).collect()
    };
    let people = names(&|table| table.person);
    let owned = names(&TableDraft::is_owned);
    let aside = names(&|table| table.aside.is_some());
    let mapped: BTreeSet<&str> = tables.iter().map(|table| table.name.as_str()).collect();
    let joined: BTreeSet<&str> = tables
        .iter()
        .flat_map(|table| table.lookups.iter().map(|(_, one, _)| one.table.as_str()))
        .chain(tables.iter().flat_map(|table| table.others.iter().map(|(_, o)| o.table.as_str())))
        .collect();
    let far = seen.schema.tables.iter().filter(|table| {
        !mapped.contains(table.name.as_str()) && !joined.contains(table.name.as_str())
    });
    let (tables_far, views): (Vec<_>, Vec<_>) =
        far.partition(|table| table.keyset != Keyset::Nothing);
    let list = |tables: &[&crate::store::sql::schema::Table]| -> Vec<String> {
        tables.iter().map(|table| table.name.clone()).collect()
    };
    let (tables_far, views) = (list(&tables_far), list(&views));

    let mut text = String::new();
    head(&mut text, heading, &people);
    for table in tables {
        text.push('\n');
        one(&mut text, &heading.name, table);
    }
    if !tables_far.is_empty() {
        text.push_str("\n# Not reached from a person over any reference. Map what is about people all the same:\n");
        wrapped(&mut text, "not reached", &tables_far);
    }
    if !views.is_empty() {
        text.push_str(
            "\n# Views, and tables without a key, are not drafted; the tables behind views are. What only\n\
             # these hold can be mapped in PostgreSQL, where the map names their key: key = [\"…\"]\n",
        );
        wrapped(&mut text, "not walked", &views);
    }
    let unreached = tables_far.into_iter().chain(views).collect();
    Draft { text, people, owned, aside, unreached }
}

fn head(text: &mut String, heading: &Heading, people: &[String]) {
    let Heading { name, kind, place } = heading;
    let url = match place {
        Place::Url(url) => quoted(url),
        Place::Env(name) => format!("{{ env = {} }}", quoted(name)),
        Place::File(path) => format!("{{ file = {} }}", quoted(path)),
    };
    push(
        text,
        format_args!(
            "# A draft, made from the catalogue of the database and the look of a few values. Read every\n"
        ),
    );
    push(
        text,
        format_args!(
            "# line: those marked \"guessed: check\" rest on little, and a wrong one shows somebody the wrong\n"
        ),
    );
    push(
        text,
        format_args!(
            "# data. Then fill in what is missing and run `rightsdesk map check` until nothing is left.\n"
        ),
    );
    push(text, format_args!("format = {}\n\n", quoted(FORMAT)));
    if people.is_empty() {
        push(text, format_args!("# No table looks as if it held people. Write in one of them:\n"));
        push(text, format_args!("#   [store.{name}.table.NAME]\n#   person = true\n"));
        push(text, format_args!("#   who = {{ email = \"COLUMN\" }}\n"));
    }
    push(text, format_args!("[store.{name}]\nkind = {}\nurl = {url}\n{TO_FILL}", quoted(kind)));
}

fn one(text: &mut String, store: &str, table: &TableDraft) {
    let place = format!("store.{store}.table.{}", key(&table.name));
    if let Some(why) = table.aside {
        push(text, format_args!("[{place}]\nignore = [\"*\"]   {MARK} ({why})\n"));
        return;
    }
    push(text, format_args!("[{place}]\n"));
    if table.person {
        push(text, format_args!("person = true   # one row is one person\n"));
    }
    who(text, table);
    via(text, table);
    for (name, one, columns) in &table.lookups {
        let columns: Vec<String> = columns.iter().map(|column| quoted(column)).collect();
        let (on, columns) = (quoted(&one.text()), columns.join(", "));
        let mark = marked(!one.declared, "no foreign key says so");
        push(
            text,
            format_args!("lookup.{} = {{ on = {on}, columns = [{columns}] }}{mark}\n", key(name)),
        );
    }
    for (name, one) in &table.others {
        let on = quoted(&one.text());
        push(
            text,
            format_args!(
                "third_party.{} = {{ on = {on} }}   # somebody else: counted, withheld\n",
                key(name)
            ),
        );
    }
    correct(text, table);
    ignore(text, table);
    erase(text, table);
    if table.fields.is_empty() {
        return;
    }
    push(text, format_args!("\n[{place}.field]\n"));
    for field in &table.fields {
        push(text, format_args!("{} = {}\n", key(&field.column), guessed(&field.guess)));
    }
}

fn who(text: &mut String, table: &TableDraft) {
    if !table.who.is_empty() {
        let pairs: Vec<String> = table
            .who
            .iter()
            .map(|(kind, column)| format!("{} = {}", key(kind), quoted(column)))
            .collect();
        let mark = marked(!table.person, "several rows may have the same address");
        push(text, format_args!("who = {{ {} }}{mark}\n", pairs.join(", ")));
    }
    if let Some(column) = &table.proven_by {
        let said = "where it is empty, the address was never confirmed";
        push(text, format_args!("proven_by = {}   {MARK} ({said})\n", quoted(column)));
    }
    if table.who.iter().any(|(kind, _)| kind == "email") && table.person {
        text.push_str("#case_insensitive = true   # when the database stores addresses as typed\n");
    }
}

fn via(text: &mut String, table: &TableDraft) {
    let guess = table.via.iter().any(|one| !one.declared);
    match &table.via[..] {
        [] => {}
        [one] => {
            let mark = marked(guess, "no foreign key says so");
            push(text, format_args!("via = {}{mark}\n", quoted(&one.text())));
        }
        several => {
            let all: Vec<String> =
                several.iter().map(Reference::text).map(|t| quoted(&t)).collect();
            let why = "any one makes the row theirs";
            push(text, format_args!("via = [{}]   {MARK} ({why})\n", all.join(", ")));
        }
    }
}

/// Suggests what people most often want put right. It opens nothing by itself.
fn correct(text: &mut String, table: &TableDraft) {
    const OFTEN: [&str; 3] = ["user.name", "user.contact", "user.demographic.date_of_birth"];
    let ties = |column: &String| {
        let links = table.via.iter().chain(table.others.iter().map(|(_, one)| one));
        links.chain(table.lookups.iter().map(|(_, one, _)| one)).any(|l| l.columns.contains(column))
    };
    let often = |category: &str| {
        OFTEN.iter().any(|known| {
            category
                .strip_prefix(known)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    };
    let columns: Vec<String> = (table.fields.iter())
        .filter(|field| often(field.guess.category) && !ties(&field.column))
        .map(|field| quoted(&field.column))
        .collect();
    if !columns.is_empty() {
        let columns = columns.join(", ");
        push(
            text,
            format_args!("#correct = [{columns}]   # what may be put right; needs UPDATE\n"),
        );
    }
}

fn ignore(text: &mut String, table: &TableDraft) {
    if table.ignore.is_empty() {
        return;
    }
    let columns: Vec<String> = table.ignore.iter().map(|(column, _)| quoted(column)).collect();
    for (column, why) in table.ignore.iter().filter(|(_, why)| !why.is_empty()) {
        push(text, format_args!("{MARK}: {} {why}, so it is left out\n", key(column)));
    }
    push(text, format_args!("ignore = [{}]\n", columns.join(", ")));
}

fn erase(text: &mut String, table: &TableDraft) {
    match table.erase {
        Erase::Delete => {
            push(text, format_args!("erase = \"delete\"   {MARK} (nothing else points here)\n"));
        }
        Erase::Mask => {
            push(text, format_args!("erase = \"mask\"   {MARK} (rows that stay point here)\n"));
        }
        Erase::Keep => {
            let from = table
                .dated
                .as_ref()
                .map_or(String::new(), |column| format!("from = {}, ", quoted(column)));
            push(
                text,
                format_args!(
                    "erase = \"keep\"   {MARK} (looks like accounts; say which law wants them kept, or write \\\"delete\\\")\n"
                ),
            );
            push(text, format_args!("#keep = {{ for = \"10y\", {from}ground = \"AO 147\" }}\n"));
        }
    }
}

fn guessed(guess: &Guess) -> String {
    let value = match guess.origin {
        None => quoted(guess.category),
        Some(origin) => format!("{{ is = {}, origin = \"{origin}\" }}", quoted(guess.category)),
    };
    match (guess.weak, guess.hint) {
        (_, Some(hint)) => format!("{value}   {MARK} ({hint})"),
        (true, None) => format!("{value}   {MARK}"),
        (false, None) => value,
    }
}

fn marked(guess: bool, why: &str) -> String {
    if guess { format!("   {MARK} ({why})") } else { String::new() }
}

/// `# label: a, b, c` in lines that fit.
fn wrapped(text: &mut String, label: &str, names: &[String]) {
    let mut line = format!("# {label}:");
    for (at, name) in names.iter().enumerate() {
        // A line end in a name must not end the comment.
        let name: String = name.chars().filter(|c| !c.is_control()).collect();
        let comma = if at + 1 < names.len() { "," } else { "" };
        if line.chars().count() + name.chars().count() > 96 {
            push(text, format_args!("{line}\n"));
            "#  ".clone_into(&mut line);
        }
        push(&mut line, format_args!(" {name}{comma}"));
    }
    push(text, format_args!("{line}\n"));
}

/// A basic string of TOML.
fn quoted(text: &str) -> String {
    // What JSON escapes, TOML escapes alike.
    serde_json::Value::from(text).to_string()
}

/// A key of TOML.
fn key(name: &str) -> String {
    let bare = name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    if bare && !name.is_empty() { name.to_owned() } else { quoted(name) }
}

fn push(text: &mut String, what: std::fmt::Arguments<'_>) {
    text.write_fmt(what).expect("a text takes all that is written to it");
}
