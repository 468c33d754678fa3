//! What names of tables and columns tell.

use super::Reference;
use crate::store::sql::secret::words;

/// Words for whoever a row is about.
const OWNERS: &[&str] = &[
    "user",
    "customer",
    "account",
    "member",
    "owner",
    "person",
    "client",
    "buyer",
    "patient",
    "subscriber",
    "author",
    "creator",
    "sender",
    "student",
    "guest",
    "applicant",
    "profile",
];
/// Words for somebody else who has to do with it.
const OTHERS: &[&str] = &[
    "support",
    "rep",
    "agent",
    "assignee",
    "assigned",
    "manager",
    "supervisor",
    "reports",
    "boss",
    "reviewer",
    "reviewed",
    "approver",
    "approved",
    "moderator",
    "moderated",
    "handler",
    "handled",
    "parent",
    "referrer",
    "referred",
    "referral",
    "inviter",
    "invited",
    "deleted",
    "updated",
    "modified",
    "changed",
    "edited",
    "processed",
    "resolved",
    "closed",
    "operator",
    "doctor",
    "teacher",
    "recipient",
    "receiver",
    "partner",
    "spouse",
    "guardian",
    "mentor",
    "sponsor",
    "staff",
    "admin",
];
/// Endings that make a column of a name.
const ENDINGS: &[&str] = &["id", "no", "nr", "key", "uuid", "guid", "ref", "fk", "by"];
/// Names of tables that hold people, in the singular.
const PEOPLE: &[&str] = &[
    "user",
    "customer",
    "account",
    "member",
    "person",
    "client",
    "patient",
    "subscriber",
    "employee",
    "staff",
    "agent",
    "doctor",
    "teacher",
    "student",
    "guest",
    "contact",
    "applicant",
    "author",
    "actor",
    "driver",
    "worker",
    "admin",
    "operator",
];

/// How likely it is that a row belongs to whoever it refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Ownership {
    /// Somebody else: an agent, a manager, whoever approved it.
    Other,
    /// The name does not tell.
    Open,
    /// The person themselves.
    Owner,
}

/// What the reference's columns say about the people it leads to.
pub(super) fn ownership(reference: &Reference) -> Ownership {
    let column = reference.columns.last().map_or("", String::as_str);
    let stem = stem(column);
    if stem.iter().any(|word| OTHERS.contains(&word.as_str()))
        && stem != table_words(&reference.table)
    {
        Ownership::Other
    } else if stem == table_words(&reference.table)
        || stem.last().is_some_and(|word| OWNERS.contains(&word.as_str()))
    {
        Ownership::Owner
    } else {
        Ownership::Open
    }
}

/// `support_rep_id` is `support rep`.
pub(super) fn stem(column: &str) -> Vec<String> {
    let mut words = words(column);
    while words.len() > 1 && words.last().is_some_and(|word| ENDINGS.contains(&word.as_str())) {
        words.pop();
    }
    words.last_mut().into_iter().for_each(|word| *word = singular(word));
    words
}

/// `billing.InvoiceLines` is `invoice line`: the schema is no part of the thing.
pub(super) fn table_words(table: &str) -> Vec<String> {
    let mut words = words(table.rsplit('.').next().unwrap_or(table));
    words.last_mut().into_iter().for_each(|word| *word = singular(word));
    words
}

/// Whether the name of the table is one for people.
pub(super) fn is_people(table: &str) -> bool {
    table_words(table).last().is_some_and(|word| PEOPLE.contains(&word.as_str()))
}

/// What maps call whoever or whatever a reference leads to: the column's own word where it has one.
pub(super) fn called(reference: &Reference) -> String {
    let column = reference.columns.last().map_or("", String::as_str);
    let stem = stem(column).join("_");
    if stem.is_empty() || ENDINGS.contains(&stem.as_str()) {
        return table_words(&reference.table).join("_");
    }
    stem
}

fn singular(word: &str) -> String {
    if let Some(stem) = word.strip_suffix("ies") {
        return format!("{stem}y");
    }
    for ending in ["sses", "xes", "ches", "shes"] {
        if word.ends_with(ending) {
            return word[..word.len() - 2].to_owned();
        }
    }
    match word {
        "people" => "person".to_owned(),
        _ if word.ends_with("ss") || word.ends_with("us") || word.ends_with("is") => {
            word.to_owned()
        }
        _ => word.strip_suffix('s').unwrap_or(word).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refers(column: &str, table: &str) -> Ownership {
        let (columns, to) = (vec![column.to_owned()], vec!["id".to_owned()]);
        ownership(&Reference { columns, table: table.to_owned(), to, declared: true })
    }

    #[test]
    fn columns_tell_owners_from_others() {
        for column in ["customer_id", "CustomerId", "user_id", "owner", "author_id", "SenderID"] {
            assert_eq!(refers(column, "customers"), Ownership::Owner, "{column}");
        }
        for column in ["support_rep_id", "reports_to", "approved_by", "assigned_agent_id"] {
            assert_eq!(refers(column, "employee"), Ownership::Other, "{column}");
        }
        assert_eq!(refers("created_by", "users"), Ownership::Open);
        assert_eq!(refers("staff_id", "staff"), Ownership::Owner);
    }

    #[test]
    fn tables_are_compared_in_the_singular() {
        for (many, one) in [
            ("Categories", "category"),
            ("addresses", "address"),
            ("boxes", "box"),
            ("status", "status"),
            ("shop.users", "user"),
            ("people", "person"),
        ] {
            assert_eq!(table_words(many).join(" "), one);
        }
    }
}
