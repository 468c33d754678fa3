//! Files that a row's value names.

use crate::domain::record::{Column, FileItem, FileRef, GapReason, Value};
use crate::store::map::Blob;

/// The file that `value` of a row of `table` names; `None` where it names none. A value that would
/// lead out of its folder is a gap: it is not ours to guess what it means.
pub fn file(
    table: &str,
    blob: &Blob,
    column: &Column,
    value: &Value,
) -> Result<Option<FileItem>, GapReason> {
    let value = match value {
        Value::Null => return Ok(None),
        Value::Text(text) | Value::Number(text) => text.clone(),
        Value::Int(number) => number.to_string(),
        _ => return Err(GapReason::NotSearchable),
    };
    if value.is_empty() {
        return Ok(None);
    }
    let key = format!("{}{value}{}", blob.before, blob.after);
    let plain = |part: &str| !matches!(part, "" | "." | "..");
    let odd = |letter: char| letter.is_control() || letter == '\\';
    if !value.split('/').all(plain) || !key.split('/').all(plain) || value.contains(odd) {
        return Err(GapReason::NotSearchable);
    }
    let name = key.rsplit('/').next().unwrap_or(&key).to_owned();
    let at = FileRef { store: blob.store.clone(), key };
    let (category, origin) = (column.category, column.origin);
    Ok(Some(FileItem { collection: table.to_owned(), at, name, category, origin }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::category::Category;
    use crate::domain::record::Origin;

    fn named(value: &str) -> Result<Option<FileItem>, GapReason> {
        let (store, before, after) = ("images".into(), "art/".into(), String::new());
        let category = Category::parse("user.content").unwrap();
        let column = Column { name: "path".into(), category, origin: Origin::Provided };
        let blob = Blob { store, before, after, line: 1 };
        file("picture", &blob, &column, &Value::Text(value.into()))
    }

    #[test]
    fn a_value_names_a_file_in_its_folder() {
        let file = named("2026/cat #1.png").unwrap().unwrap();
        assert_eq!(file.at.key, "art/2026/cat #1.png");
        assert_eq!((&*file.name, &*file.collection), ("cat #1.png", "picture"));
        assert_eq!(named(""), Ok(None));
    }

    #[test]
    fn a_value_that_leads_out_of_its_folder_is_a_gap() {
        for value in ["../b.png", "a/../../b", "/etc/passwd", "a//b", ".", "a/", "a\0b", "a\\..\\b"]
        {
            assert_eq!(named(value), Err(GapReason::NotSearchable), "{value:?}");
        }
    }
}
