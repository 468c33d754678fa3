//! Rows that stay as a count.

use super::rule::Rule;
use super::{Eraser, Session, plain};
use crate::domain::record::Value;
use crate::store::StoreError;

/// The column that holds how many.
const COUNT: &str = "count";

impl Eraser<'_> {
    /// Counts the rows of these keys into the table of groups: those alone whose group is large
    /// enough among all rows that are there. False where that table is not one of groups.
    pub(super) async fn aggregate(
        &self,
        session: &mut dyn Session,
        rule: &Rule<'_>,
        rows: &[Vec<Value>],
    ) -> Result<bool, StoreError> {
        let Some(aggregate) = &rule.map.aggregate else { return Ok(false) };
        let (from, into) = (&rule.table.name, &aggregate.into);
        let fits = self.schema.table(into).is_some_and(|into| {
            into.columns.len() == aggregate.group.len() + 1
                && into.has(COUNT)
                && aggregate.group.iter().all(|column| into.has(column) && rule.real.has(column))
        });
        if !fits {
            return Ok(false);
        }
        let own = |column: &String| self.column(from, column).sql;
        let mut chosen: Vec<String> =
            aggregate.group.iter().map(|name| self.hand.shown(&self.column(from, name))).collect();
        chosen.push("CAST(count(*) AS text)".to_owned());
        let by: Vec<String> = aggregate.group.iter().map(own).collect();
        session.put(rows, rule.key.len()).await?;
        let groups = self.hand.select_put(from, &rule.key, &chosen, rule.key.len());
        let groups = session.rows_put(format!("{groups} GROUP BY {}", by.join(", "))).await?;
        for group in groups {
            let width = group.len();
            session.put(std::slice::from_ref(&group), width).await?;
            let sizes = format!(
                "SELECT CAST(count(*) AS text) FROM {} CROSS JOIN {} AS t WHERE {}",
                self.hand.source(width),
                self.hand.table(from),
                self.is_group(from, &aggregate.group, &group)
            );
            let size = session.rows_put(sizes).await?;
            let size = size.first().and_then(|row| plain(row.first()?)?.parse().ok());
            if size.unwrap_or(0) < aggregate.min {
                continue;
            }
            let (target, count) = (self.hand.table(into), self.hand.quote(COUNT));
            let more = format!("CAST(v.c{} AS bigint)", width - 1);
            let add = format!(
                "UPDATE {target} AS t SET {count} = t.{count} + {more} FROM {} WHERE {}",
                self.hand.source(width),
                self.is_group(into, &aggregate.group, &group)
            );
            match session.change(add).await? {
                0 => {
                    let names = aggregate.group.iter().map(|name| self.hand.quote(name));
                    let names: Vec<String> = names.chain([count]).collect();
                    let values = aggregate.group.iter().enumerate().map(|(at, name)| {
                        self.hand.assigned(&self.column(into, name), &format!("v.c{at}"))
                    });
                    let values: Vec<String> = values.chain([more]).collect();
                    let insert = format!(
                        "INSERT INTO {target} ({}) SELECT {} FROM {}",
                        names.join(", "),
                        values.join(", "),
                        self.hand.source(width)
                    );
                    if session.change(insert).await? != 1 {
                        return Ok(false);
                    }
                }
                1 => {}
                _ => return Ok(false),
            }
        }
        Ok(true)
    }

    /// The condition that the row `t` is of the group laid ready.
    fn is_group(&self, table: &str, names: &[String], group: &[Value]) -> String {
        let each = names.iter().zip(group).enumerate().map(|(at, (name, value))| {
            let column = self.column(table, name);
            match value {
                Value::Null => format!("{} IS NULL", column.sql),
                _ => self.hand.is_at(&column, &format!("v.c{at}")),
            }
        });
        each.collect::<Vec<_>>().join(" AND ")
    }
}
