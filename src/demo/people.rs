//! Who has an account at the sample company. Nobody of them exists: first names are common ones,
//! last names are put together from syllables, addresses lie in domains reserved for examples
//! (RFC 2606).

use super::dice::Dice;

/// Where nothing is in the way: one confirmed account with rows in every table, and pictures.
pub const READY: &str = "mira.haldenow@example.org";
/// Another without trouble, on the small plan.
pub const PLAIN: &str = "theo.varnik@example.net";
/// Stored as `Ida.Marrowen@Example.ORG`: found only when case is ignored.
pub const STORED_OTHERWISE: &str = "ida.marrowen@example.org";
/// Two of the account's pictures are no longer where its rows say.
pub const PICTURES_MISSING: &str = "lea.tamsindal@example.com";
/// The account exists, its address was never confirmed.
pub const UNCONFIRMED: &str = "noah.ferrindo@example.net";
/// Two accounts with exactly this address: two people, as far as anybody can tell.
pub const SHARED: &str = "family@lindgarten.example";
/// Two accounts whose addresses differ from this one, and from each other, in case only.
pub const CASE_TWINS: &str = "ROSA.lindovar@example.com";
/// An account that was never used: no rows beside its own.
pub const UNUSED: &str = "quiet.otter@example.com";

/// Addresses to try, the one without any trouble first.
pub const TRY: [&str; 8] =
    [READY, PLAIN, STORED_OTHERWISE, PICTURES_MISSING, UNCONFIRMED, SHARED, CASE_TWINS, UNUSED];

/// What an account pays for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Plan {
    Free,
    Maker,
    Studio,
}

impl Plan {
    pub(super) const ALL: [Self; 3] = [Self::Free, Self::Maker, Self::Studio];

    pub(super) const fn facts(self) -> PlanFacts {
        let (key, name, cents, kept_pictures) = match self {
            Self::Free => ("free", "Free", 0, 1),
            Self::Maker => ("maker", "Maker", 990, 3),
            Self::Studio => ("studio", "Studio", 2_900, 12),
        };
        PlanFacts { key, name, cents, kept_pictures }
    }
}

/// The row of a plan.
#[derive(Debug, Clone, Copy)]
pub(super) struct PlanFacts {
    pub(super) key: &'static str,
    pub(super) name: &'static str,
    /// A month, in cents.
    pub(super) cents: i32,
    /// How many pictures are kept, the newest ones.
    pub(super) kept_pictures: i32,
}

/// What an account has been used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// Never.
    None,
    /// As it came.
    Some,
    /// With rows in every table.
    All,
}

/// One account's owner.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) account_id: i64,
    pub(super) name: String,
    /// As the company stores it.
    pub(super) email: String,
    pub(super) country: &'static str,
    pub(super) language: &'static str,
    pub(super) plan: Plan,
    pub(super) confirmed: bool,
    pub(super) used: Use,
    /// How many of the pictures that the rows name are not there.
    pub(super) lost_pictures: usize,
}

/// How many accounts there are.
pub(super) const ACCOUNTS: i64 = 200;
const FIRST_ACCOUNT: i64 = 1001;

/// All of them, in the order of their accounts.
pub(super) fn everybody() -> Vec<Person> {
    let mut people = special();
    let next = people.last().map_or(FIRST_ACCOUNT, |person| person.account_id + 1);
    people.extend((next..FIRST_ACCOUNT + ACCOUNTS).map(anybody));
    people
}

/// Those with whom something can be tried.
fn special() -> Vec<Person> {
    let rows = [
        ("Mira Haldenow", READY, "DE", "de", Plan::Studio, Use::All),
        ("Theo Varnik", PLAIN, "AT", "de", Plan::Maker, Use::All),
        ("Ida Marrowen", "Ida.Marrowen@Example.ORG", "IE", "en", Plan::Maker, Use::All),
        ("Léa Tamsindal", PICTURES_MISSING, "FR", "en", Plan::Studio, Use::All),
        ("Noah Ferrindo", UNCONFIRMED, "NL", "en", Plan::Free, Use::Some),
        ("Ada Lindgartner", SHARED, "DE", "de", Plan::Maker, Use::Some),
        ("Emil Lindgartner", SHARED, "DE", "de", Plan::Free, Use::Some),
        ("Rosa Lindovar", "Rosa.Lindovar@example.com", "ES", "en", Plan::Free, Use::Some),
        ("Rosa L.", "rosa.lindovar@example.com", "ES", "en", Plan::Free, Use::Some),
        ("Quiet Otter", UNUSED, "US", "en", Plan::Free, Use::None),
        // The domain as its A-label, the way mail servers write it; the name from right to left.
        ("נועה ברוקמן", "noa.brokmandel@xn--bcher-kva.example", "IL", "en", Plan::Maker, Use::Some),
    ];
    (FIRST_ACCOUNT..)
        .zip(rows)
        .map(|(account_id, (name, email, country, language, plan, used))| Person {
            account_id,
            name: name.to_owned(),
            email: email.to_owned(),
            country,
            language,
            plan,
            confirmed: email != UNCONFIRMED,
            used,
            lost_pictures: if email == PICTURES_MISSING { 2 } else { 0 },
        })
        .collect()
}

fn anybody(account_id: i64) -> Person {
    let mut dice = Dice::of(account_id);
    let (first, in_address) = NAMES[usize::from(dice.bytes::<1>()[0]) % NAMES.len()];
    let last = [dice.pick(&BEGIN), dice.pick(&MIDDLE), dice.pick(&END)].concat();
    let folded = last.to_lowercase();
    // The number keeps every address of these the only one of its kind.
    let email = match dice.from(0, 3) {
        0 => format!("{in_address}.{folded}{account_id}@{}", dice.pick(&DOMAINS)),
        1 => format!("{in_address}{account_id}@{}", dice.pick(&DOMAINS)),
        _ => format!("{folded}+studio{account_id}@{}", dice.pick(&DOMAINS)),
    };
    let plan = match dice.from(0, 100) {
        0..72 => Plan::Free,
        72..94 => Plan::Maker,
        _ => Plan::Studio,
    };
    let country = dice.pick(&COUNTRIES);
    let german = matches!(country, "DE" | "AT" | "CH");
    Person {
        account_id,
        name: format!("{first} {last}"),
        email,
        country,
        language: if german { "de" } else { "en" },
        plan,
        confirmed: dice.happens(95),
        used: if dice.happens(8) { Use::None } else { Use::Some },
        lost_pictures: 0,
    }
}

/// First names as written, and as they stand in an address.
const NAMES: [(&str, &str); 32] = [
    ("Anna", "anna"),
    ("Amélie", "amelie"),
    ("Ben", "ben"),
    ("Björn", "bjoern"),
    ("Chiara", "chiara"),
    ("Daria", "daria"),
    ("David", "david"),
    ("Elif", "elif"),
    ("Emma", "emma"),
    ("Farid", "farid"),
    ("Fatou", "fatou"),
    ("Finn", "finn"),
    ("Greta", "greta"),
    ("Hana", "hana"),
    ("Ivo", "ivo"),
    ("Jana", "jana"),
    ("Jürgen", "juergen"),
    ("Kofi", "kofi"),
    ("Łukasz", "lukasz"),
    ("Maya", "maya"),
    ("Nils", "nils"),
    ("Olga", "olga"),
    ("Paul", "paul"),
    ("Ravi", "ravi"),
    ("Sanne", "sanne"),
    ("Sofía", "sofia"),
    ("Tariq", "tariq"),
    ("Uma", "uma"),
    ("Viktor", "viktor"),
    ("Yuki", "yuki"),
    ("Zoë", "zoe"),
    ("Åsa", "aasa"),
];
const BEGIN: [&str; 16] = [
    "Bar", "Dor", "Fel", "Gan", "Hol", "Ker", "Lin", "Mor", "Nal", "Ost", "Pel", "Rav", "Sel",
    "Tor", "Ul", "Ves",
];
const MIDDLE: [&str; 8] = ["a", "en", "i", "o", "um", "an", "el", "ir"];
const END: [&str; 10] =
    ["berg", "dal", "gart", "husen", "kov", "lund", "mark", "rode", "sen", "witz"];
const DOMAINS: [&str; 6] = [
    "example.com",
    "example.org",
    "example.net",
    "mail.example",
    "post.example.org",
    "briefkasten.example",
];
const COUNTRIES: [&str; 14] =
    ["DE", "DE", "DE", "AT", "CH", "FR", "NL", "IT", "ES", "PL", "SE", "GB", "US", "BR"];
