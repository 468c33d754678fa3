//! Prompts and what was made of them.

use super::company::{Books, LAST_STYLE, Member, ago, text};
use super::people::Use;
use super::pictures::SIDE;
use crate::domain::record::Value;

/// Draws prompts, their generations and the pictures that are kept of them.
pub(super) fn draw(member: &mut Member<'_>, books: &mut Books) {
    let (all, many) = match member.person.used {
        Use::All => (true, 36),
        Use::Some | Use::None => (false, member.dice.from(0, 61)),
    };
    // Most make a few pictures, some make many.
    let many = if all { many } else { many * many * many / 3_600 };
    let kept = member.person.plan.facts().kept_pictures;
    let mut made = 0;
    let mut turn = 0;
    while made < many {
        let days = member.days - member.days * made / many;
        let wording = if all { TRYING.get(turn).copied() } else { None };
        let prompt = prompt(member, books, wording, days);
        for _ in 0..member.dice.from(1, 4).min(many - made) {
            made += 1;
            let kept = made > many - kept;
            generation(member, books, prompt, days, kept);
        }
        turn += 1;
    }
    lose_pictures(member, books);
    if member.has(12) {
        // What the person brought along: no row names these files, their folder says whose they are.
        for upload in 1..=2 {
            let id = member.person.account_id;
            let number = id * 1_000 + upload;
            books.pictures.push((format!("uploads/{id}/reference {upload}.png"), number));
        }
    }
}

fn prompt(member: &mut Member<'_>, books: &mut Books, wording: Option<&str>, days: i32) -> i64 {
    let dice = &mut member.dice;
    let wording = wording.map_or_else(
        || [dice.pick(&SUBJECTS), dice.pick(&PLACES), dice.pick(&MOODS)].join(", "),
        str::to_owned,
    );
    let not_wanted = match dice.from(0, 4) {
        0 => text("text, watermark"),
        1 => text(""),
        _ => Value::Null,
    };
    let style = dice.happens(60).then(|| Value::Int(i64::from(dice.from(1, LAST_STYLE + 1))));
    let at = ago(days, dice.from(20_000, 40_000));
    let id = books.next_id("prompt", 20_001);
    let style = style.unwrap_or(Value::Null);
    let row = vec![Value::Int(id), member.id(), text(wording), not_wanted, style, text(at)];
    books.add("prompt", row);
    id
}

fn generation(
    member: &mut Member<'_>,
    books: &mut Books,
    prompt: i64,
    days: i32,
    picture_kept: bool,
) {
    let id = books.next_id("generation", 400_001);
    let dice = &mut member.dice;
    let mut image_key = Value::Null;
    if picture_kept {
        let key = format!("{}/{id}.png", member.person.account_id);
        books.pictures.push((format!("made/{key}"), id));
        image_key = text(key);
    }
    // Beyond what a floating-point number holds: 2^53 + 1 and up.
    let seed = 9_007_199_254_740_993 + (dice.next() >> 4).cast_signed();
    let guidance = f64::from(dice.from(1, 100)) / 10.0 + 0.2;
    // Log odds of something unsafe in the picture: without end where the filter is certain.
    let safety = match dice.from(0, 20) {
        0 => Value::Real(f64::NEG_INFINITY),
        1 => Value::Null,
        _ => Value::Real(f64::from(dice.from(-90_000, 10_000)) / 10_007.0),
    };
    let settings = format!(
        r#"{{"steps":{},"sampler":"{}","tiling":{},"strength":{}.50}}"#,
        dice.from(12, 51),
        dice.pick(&["euler", "heun", "ddim"]),
        dice.happens(10),
        dice.from(0, 2),
    );
    let side = Value::Int(i64::from(SIDE));
    books.add(
        "generation",
        vec![
            Value::Int(id),
            Value::Int(prompt),
            text(dice.pick(&["aster-2", "aster-3-turbo", "fresco-1"])),
            Value::Int(seed),
            Value::Real(guidance),
            side.clone(),
            side,
            text(settings),
            image_key,
            Value::Bytes(dice.bytes::<16>().to_vec()),
            safety,
            text(ago(days, dice.from(0, 20_000))),
        ],
    );
}

/// Takes away the last pictures; the rows go on naming them.
fn lose_pictures(member: &Member<'_>, books: &mut Books) {
    let left = books.pictures.len().saturating_sub(member.person.lost_pictures);
    books.pictures.truncate(left);
}

/// What an archive must carry unharmed: look-alikes of formulas, markup, several scripts and
/// directions, line ends, signs that CSV gives a meaning.
const TRYING: [&str; 12] = [
    "=SUM(A1:A9) as a neon sign over a spreadsheet city",
    "<script>alert(\"paint\")</script> stitched on a cushion",
    "a fox 🦊 in the rain ☔, reading; \"The Art of Umbrellas\"",
    "שועל קטן קורא ספר בגשם",
    "ثعلب صغير تحت المطر، ألوان مائية",
    "雨の中で本を読む狐",
    "+49 balloons, no strings attached",
    "@home, a tiny observatory\r\nsecond line, after a Windows line end",
    "-1 degrees: frost on a window\tseen through a tab",
    "a family 👩‍👩‍👧 of origami cranes, e\u{301} and é side by side",
    "Ärger im Süßwarenladen, Straßenszene, Öl auf Leinwand",
    "'; DROP TABLE prompt; -- embroidered in gold",
];
const SUBJECTS: [&str; 12] = [
    "a lighthouse made of paper",
    "three foxes playing chess",
    "ein Leuchtturm aus Glas",
    "an astronaut watering tomatoes",
    "a library under the sea",
    "a tram with wings",
    "eine Katze als Kapitänin",
    "a city grown from mushrooms",
    "two moons over a harbour",
    "a bicycle of bamboo and brass",
    "a kitchen for giants",
    "ein Wald aus Regenschirmen",
];
const PLACES: [&str; 8] = [
    "at the edge of a desert",
    "in the first snow",
    "above the clouds",
    "in a quiet street",
    "am Ufer eines Sees",
    "inside a snow globe",
    "on a rooftop garden",
    "between two hills",
];
const MOODS: [&str; 8] = [
    "golden hour",
    "soft light",
    "heavy rain",
    "seen from far away",
    "viel Nebel",
    "wide angle",
    "muted colours",
    "like an old poster",
];
