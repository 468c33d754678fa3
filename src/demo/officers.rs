//! The two officers of a demo, with accounts that are ready.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use data_encoding::BASE32_NOPAD;

use crate::domain::address::EmailAddress;
use crate::domain::language::Language;
use crate::domain::staff::Role;
use crate::domain::text::TypedText;
use crate::ids::Entropy;
use crate::keys::root::write_new;
use crate::keys::totp::SecondFactor;
use crate::run::{DemoOfficer, House, StartProblem};
use crate::service::ServiceError;
use crate::service::staff::Enrolled;

/// Name, address, roles.
const OFFICERS: [(&str, &str, &[Role]); 2] = [
    ("Alex Okafor", "alex@glimmerfeld.example", &[Role::Officer, Role::Admin]),
    ("Billie Sommer", "billie@glimmerfeld.example", &[Role::Officer]),
];

/// The officers whose secrets stand in `file`; made, and the file with them, where it is not there.
pub(super) async fn officers(
    house: &House,
    file: &Path,
    entropy: &dyn Entropy,
) -> Result<Vec<DemoOfficer>, StartProblem> {
    if let Ok(text) = fs::read_to_string(file)
        && let Ok(known) = serde_json::from_str(&text)
    {
        return Ok(known);
    }
    let place = file.display().to_string();
    let broken = |error: &ServiceError| StartProblem::new(error.word(), &*place, error);
    let mut made = Vec::new();
    for (name, email, roles) in OFFICERS {
        made.push(
            officer(house, entropy, name, email, roles).await.map_err(|error| broken(&error))?,
        );
    }
    let text = serde_json::to_string_pretty(&made).unwrap_or_default();
    write_new(file, text.as_bytes())
        .map_err(|error| StartProblem::new("demo_folder", &*place, &error))?;
    Ok(made)
}

async fn officer(
    house: &House,
    entropy: &dyn Entropy,
    name: &str,
    email: &str,
    roles: &[Role],
) -> Result<DemoOfficer, ServiceError> {
    let address = EmailAddress::parse(email).expect("written above, an address");
    let roles: BTreeSet<Role> = roles.iter().copied().collect();
    let desk = &house.desk;
    let invited = desk.invite(None, &address, &roles, Language::En).await?;
    let invitation = invited.expect("the command line may invite");
    let offered = desk.enrolment(&invitation.token).await?.expect("an invitation just made lives");
    let totp_secret = offered.factor.secret();
    let password = BASE32_NOPAD.encode(&entropy.bytes::<15>()).to_lowercase();
    let name = TypedText::line(name, 100).ok().flatten().expect("written above, a name");
    // The code of a minute ago is none any more, so that the present one is still good to sign in.
    let secret = BASE32_NOPAD.decode(totp_secret.as_bytes()).unwrap_or_default();
    let factor = SecondFactor::new(&secret, "demo", email).expect("a secret of the right length");
    let code = factor.code_at(desk.now() - jiff::SignedDuration::from_secs(30));
    let enrolled = desk.enrol(&invitation.token, &name, &password, &code, Language::En).await?;
    assert!(matches!(enrolled, Enrolled::Done), "a demo's officer can be enrolled: {enrolled:?}");
    let role = roles.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(", ");
    Ok(DemoOfficer { email: email.to_owned(), role, password, totp_secret })
}
