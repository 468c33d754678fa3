//! What `rightsdesk check` says of the service itself: keys, files, clock, and settings that work
//! against each other.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::check::{bad, well};
use super::report::Check;
use crate::clock::{Clock as _, SystemClock};
use crate::config::{Config, Database, Place};
use crate::db::{Db, DbError};
use crate::domain::policy::Action;
use crate::domain::settings::Review;
use crate::run::{House, NOBODY_RELEASES, TOO_FEW_APPROVE};
use crate::service::outlet::Agreement;
use crate::service::{Desk, ServiceError};

/// What the person was promised everywhere before anybody set anything else.
const PROMISED_HOURS: u32 = 72;
/// Records may be so far ahead of our clock before it must be wrong.
const SKEW: SignedDuration = SignedDuration::from_mins(5);
/// When this was written: no clock that is right shows less.
const NOT_BEFORE: &str = "2026-11-01T00:00:00Z";

/// A line each of what the configuration alone tells.
pub(super) fn settings(config: &Config) -> Vec<Check> {
    vec![promise(config), files(config), proxies(config)]
}

/// A line each of what the open database tells.
pub(super) async fn records(db: &Db) -> Vec<Check> {
    vec![keys(db).await, clock(db).await]
}

/// Whether there is somebody to decide what waits for a decision.
pub(super) async fn staff(desk: &Desk, config: &Config) -> Check {
    let waits = [config.review.access, config.review.export].contains(&Review::Staff);
    let able = async {
        Ok::<_, ServiceError>((
            desk.able_to(Action::Release).await?,
            desk.able_to(Action::Approve).await?,
        ))
    };
    let needed = desk.approvals_needed();
    match able.await {
        Ok((0, _)) if waits => bad("staff", NOBODY_RELEASES),
        Ok((_, approvers)) if approvers < needed => {
            bad("staff", format!("{approvers} of {needed}: {TOO_FEW_APPROVE}"))
        }
        Ok((many, approvers)) => {
            well("staff", format!("{many} can release and refuse, {approvers} approve deletions"))
        }
        Err(error) => bad("staff", error),
    }
}

/// Whether the keys of archives can be made, read and destroyed, and are gone then.
pub(super) async fn epochs(house: &House, config: &Config) -> Check {
    let at = &config.keys.epochs;
    match house.epochs.check(&*house.entropy).await {
        Ok(()) => well("archive keys", format!("can be made and destroyed in {at}")),
        Err(error) => bad("archive keys", format!("{at}: {error}")),
    }
}

/// Whether the audit trail agrees with what was signed, from where it was last compared on. `audit
/// verify` reads it whole.
pub(super) async fn audit(house: &House) -> Check {
    match house.desk.compare_audit(&house.ledger).await {
        Ok(Agreement::Agrees { tree, signed, .. }) => {
            well("audit", format!("{} line(s), {signed} of them signed for", tree.size()))
        }
        Ok(Agreement::Differs(fault)) => bad(
            "audit",
            format!(
                "{fault}, so nothing is let out; run `rightsdesk audit verify`, and after a \
                 restore `rightsdesk audit accept-restore`"
            ),
        ),
        Err(error) => bad("audit", error),
    }
}

/// Whether a restore has lost requests that nobody has seen to.
pub(super) async fn lost(house: &House, config: &Config) -> Check {
    match house.desk.lost_waiting().await {
        Ok(0) => well("restore", "no request that a restore has lost waits"),
        Ok(many) => {
            let at = &config.console.base_url;
            bad(
                "restore",
                format!(
                    "{many} request(s) were lost by a restore, so nothing is let out; an officer \
                     settles them at {at}/console/replays"
                ),
            )
        }
        Err(error) => bad("restore", error),
    }
}

fn promise(config: &Config) -> Check {
    let hours = config.promise.hours;
    if hours > PROMISED_HOURS {
        let message = format!(
            "[promise] hours = {hours} cannot keep an answer within {PROMISED_HOURS} hours; \
             lower it"
        );
        return bad("promise", message);
    }
    let end = config.deletion.cooling_off.after(Timestamp::UNIX_EPOCH, &TimeZone::UTC);
    let cooling = end.duration_since(Timestamp::UNIX_EPOCH);
    if cooling >= SignedDuration::from_hours(hours.into()) {
        let message = format!(
            "[deletion] cooling_off lasts as long as the {hours} hours of [promise] and leaves no \
             time to answer; shorten it"
        );
        return bad("promise", message);
    }
    well("promise", format!("{hours} hours, and nothing is set against it"))
}

fn files(config: &Config) -> Check {
    let open_to_others = |path: &Path| {
        let mode = fs::metadata(path).map(|about| about.permissions().mode() & 0o777);
        mode.ok().filter(|mode| mode & 0o077 != 0).map(|mode| {
            let right = if path.is_dir() { "700" } else { "600" };
            format!("{} (mode {mode:04o}; run `chmod {right}` on it)", path.display())
        })
    };
    let mut looked_at = vec![config.keys.dir.clone()];
    if let Place::Folder(epochs) = &config.keys.epochs {
        looked_at.push(epochs.clone());
    }
    if let Database::Sqlite(path) = &config.database {
        looked_at.push(path.clone());
    }
    let open: Vec<String> = looked_at.iter().filter_map(|path| open_to_others(path)).collect();
    if open.is_empty() {
        well("files", "keys and database are for their owner alone")
    } else {
        bad("files", format!("others can look into {}", open.join(", ")))
    }
}

fn proxies(config: &Config) -> Check {
    let web = &config.web;
    let tls_in_front = web.base_url.is_secure();
    if tls_in_front && web.trusted_proxies.is_empty() {
        let message = "base_url is https, so a proxy stands in front; name it in [web] \
                       trusted_proxies, or all visitors share its limits";
        return well("proxies", message);
    }
    if tls_in_front && !web.listen.ip().is_loopback() {
        let message = "the service listens beyond this machine without TLS; let only the proxies \
                       reach it";
        return well("proxies", message);
    }
    well("proxies", format!("{} trusted", web.trusted_proxies.len()))
}

async fn keys(db: &Db) -> Check {
    let counted: Result<(u64, u64), DbError> =
        async { Ok((db.sealed_under_unknown().await?, db.sealed_under_others().await?)) }.await;
    match counted {
        Ok((0, 0)) => well("root key", format!("{} has sealed all there is", db.root_key())),
        Ok((0, older)) => bad(
            "root key",
            format!("{older} value(s) are under an older key; run `rightsdesk keys rotate`"),
        ),
        Ok((lost, _)) => bad(
            "root key",
            format!("{lost} value(s) are under a key that is not here; put its file back"),
        ),
        Err(error) => bad("root key", error),
    }
}

async fn clock(db: &Db) -> Check {
    let now = SystemClock.now();
    if NOT_BEFORE.parse::<Timestamp>().is_ok_and(|least| now < least) {
        return bad("clock", format!("it shows {now}, which is past; set it"));
    }
    match db.newest_receipt().await {
        Ok(Some(newest)) if newest > now + SKEW => {
            bad("clock", format!("it shows {now}, and a request came in at {newest}; set it"))
        }
        Ok(_) => well("clock", format!("it shows {now}")),
        Err(error) => bad("clock", error),
    }
}
