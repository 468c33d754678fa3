//! What one person does, from the form to the archive, as long as it takes and whatever breaks.

use std::collections::BTreeSet;
use std::fs;
use std::time::{Duration, Instant};

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use crate::client::{Answer, Client, Outcome};
use crate::dice::Dice;
use crate::house::House;
use crate::mail::Taken;
use crate::people::Person;
use crate::story::{Story, Wish};
use crate::support::archive::Downloaded;

/// How long anything may take, with all the kills in between.
const PATIENCE: Duration = Duration::from_mins(5);
/// How long a person waits for a mail that may never have been written.
const DOUBT: Duration = Duration::from_secs(4);

/// A person on their way.
pub(crate) struct Journey<'a> {
    house: &'a House,
    dice: Dice,
    client: Client,
    address: String,
    /// The token of the status page.
    token: String,
    story: Story,
}

type Step<T> = Result<T, String>;

impl<'a> Journey<'a> {
    pub(crate) fn new(house: &'a House, person: Person, wish: Option<Wish>) -> Self {
        let dice = house.dice.branch(1_000 + u64::from(person.number));
        let wish = wish.unwrap_or_else(|| match dice.below(100) {
            0..60 => Wish::Fetch,
            60..75 => Wish::WriteAndFetch,
            75..88 => Wish::Withdraw,
            88..94 => Wish::NotMe,
            _ => Wish::Abandon,
        });
        let both = matches!(wish, Wish::Fetch) && dice.percent(25);
        let story = Story::new(person, wish, if both { 2 } else { 1 });
        let client = Client::new(&house.base, house.ports()[0], person.number);
        let (address, token) = (person.address(), String::new());
        Self { house, dice, client, address, token, story }
    }

    /// Goes all the way.
    pub(crate) async fn walk(mut self) -> Story {
        if let Err(complaint) = self.try_walk().await {
            self.story.complaint = Some(format!("{complaint}; {:?}", self.story));
        }
        self.story.secrets.extend(self.client.secrets());
        self.story
    }

    async fn try_walk(&mut self) -> Step<()> {
        let Some(mail) = self.ask().await? else { return Ok(()) };
        match self.story.wish {
            Wish::Abandon => return Ok(()),
            Wish::NotMe => return self.not_me(&mail).await,
            Wish::Fetch | Wish::WriteAndFetch | Wish::Withdraw | Wish::Erase => {}
        }
        self.verify(&mail).await?;
        self.look().await?;
        if self.story.wish == Wish::Erase {
            return self.expect_mail("deletion_planned", 0).await.map(drop);
        }
        if self.story.wish == Wish::WriteAndFetch {
            self.write().await?;
        }
        if self.story.wish == Wish::Withdraw {
            self.withdraw().await?;
            if self.story.withdrawn.is_some() {
                return Ok(());
            }
        }
        if !self.story.person.known {
            return self.expect_mail("nothing_found", 0).await.map(drop);
        }
        self.expect_mail("archive_ready", self.story.followed.len() - 1).await?;
        for reference in self.story.followed.clone() {
            let at = self.open_download(&reference).await?;
            let archive = self.download(&at).await?;
            self.story.doors.push((at, self.client.clone()));
            self.keep(&reference, &archive)?;
        }
        Ok(())
    }

    /// Sends the form until there is a mail with a code; `None` when none ever came.
    async fn ask(&mut self) -> Step<Option<Taken>> {
        let erase = self.story.wish == Wish::Erase;
        let right = if erase { "deletion" } else { *self.dice.pick(&["access", "export"]) };
        let words = self.story.person.words();
        let mut form = vec![("email", &*self.address), ("details", &words), ("right", right)];
        if erase {
            form.push(("scope", "everything"));
        }
        if self.story.rights == 2 {
            form.push(("right", if right == "access" { "export" } else { "access" }));
        }
        let form: Vec<(String, String)> =
            form.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        // Three codes an hour may be mailed to an address.
        for _ in 0..3 {
            let before = self.house.mail.sent("verify", &self.address).len();
            let form: Vec<_> = form.iter().map(|(name, value)| (&**name, &**value)).collect();
            match self.post("/requests", &form).await? {
                Some(answer) if answer.status == 303 => {
                    let reference = answer.location.split('/').nth(2).unwrap().to_owned();
                    self.story.acknowledged.push(reference);
                    return self.expect_mail("verify", before).await.map(Some);
                }
                Some(answer) => return Err(format!("the form got {}", answer.status)),
                None => {
                    self.story.unknown_forms += 1;
                    let mail = self.house.mail.wait("verify", &self.address, before, DOUBT).await;
                    if mail.is_some() {
                        return Ok(mail);
                    }
                }
            }
        }
        Ok(None)
    }

    async fn verify(&mut self, mail: &Taken) -> Step<()> {
        let (code, link) = self.code_and_link(mail)?;
        let (mut doubt, begun) = (false, Instant::now());
        while begun.elapsed() < PATIENCE {
            match self.post(&link, &[("code", &code)]).await? {
                Some(answer) if answer.location.starts_with("/status/") => {
                    self.token = token(&answer.location);
                    return self.spent(&link, &code, "/status/").await;
                }
                Some(_) if doubt => break,
                Some(answer) => return Err(format!("a fresh code got {}", answer.status)),
                None => doubt = true,
            }
        }
        // It was taken, and the answer got lost; a mail says so too.
        let told = self.expect_mail("verified", 0).await?;
        self.token = token(told.link("/status/").ok_or("a mail without its link")?);
        Ok(())
    }

    /// A code works once.
    async fn spent(&mut self, at: &str, code: &str, opens: &str) -> Step<()> {
        if self.dice.percent(30)
            && let Some(answer) = self.post(at, &[("code", code)]).await?
            && answer.location.starts_with(opens)
        {
            return Err("a code was taken twice".to_owned());
        }
        Ok(())
    }

    async fn not_me(&mut self, mail: &Taken) -> Step<()> {
        let (_, link) = self.code_and_link(mail)?;
        let (mut doubt, begun) = (false, Instant::now());
        while begun.elapsed() < PATIENCE {
            match self.post(&format!("{link}/not-me"), &[]).await? {
                // Done now, or by a call whose answer got lost.
                Some(answer) if answer.status == 200 || doubt => {
                    self.story.disowned = true;
                    return Ok(());
                }
                Some(answer) => return Err(format!("not me got {}", answer.status)),
                None => doubt = true,
            }
        }
        Ok(())
    }

    /// Reads the references off the status page.
    async fn look(&mut self) -> Step<()> {
        let path = format!("/status/{}", self.token);
        let page = self.get(&path).await?;
        let found = page.split("<strong>R-").skip(1).map(|rest| format!("R-{}", &rest[..8]));
        let mut followed: Vec<String> = found.collect();
        followed.sort_unstable();
        followed.dedup();
        let both = followed.len() as u64 == self.story.rights;
        let same = self.story.unknown_forms > 0
            || self.story.acknowledged.iter().all(|known| followed.contains(known));
        self.story.followed = followed;
        if both && same { Ok(()) } else { Err("the status page shows other requests".to_owned()) }
    }

    async fn write(&mut self) -> Step<()> {
        let words = self.story.person.words();
        for _ in 0..3 {
            match self.private("messages", &[("text", &words)]).await? {
                Some(note) if note == "message" => {
                    self.story.messages.0 += 1;
                    return Ok(());
                }
                Some(note) => return Err(format!("a message got {note}")),
                None => self.story.messages.1 += 1,
            }
        }
        Ok(())
    }

    async fn withdraw(&mut self) -> Step<()> {
        let reference = self.story.followed[0].clone();
        for _ in 0..4 {
            match self.private("withdraw", &[("request", &reference)]).await? {
                Some(note) if note == "withdrawn" => {
                    self.story.withdrawn = Some(true);
                    return Ok(());
                }
                // Too late, or done by a call whose answer got lost.
                Some(note) if note == "not-now" => return Ok(()),
                Some(note) => return Err(format!("a withdrawal got {note}")),
                None => self.story.withdrawn = Some(false),
            }
        }
        Ok(())
    }

    /// Does something on the status page that needs its cookie; what the page says then.
    async fn private(&mut self, verb: &str, form: &[(&str, &str)]) -> Step<Option<String>> {
        let path = format!("/status/{}/{verb}", self.token);
        loop {
            let Some(answer) = self.post(&path, form).await? else { return Ok(None) };
            let note = answer.location.split("note=").nth(1).unwrap_or_default().to_owned();
            if note != "locked" {
                return Ok(Some(format!("{note}{}", if note.is_empty() { "nothing" } else { "" })));
            }
            self.unlock().await?;
        }
    }

    async fn unlock(&mut self) -> Step<()> {
        let path = format!("/status/{}", self.token);
        for _ in 0..6 {
            let Some(mail) = self.code(&format!("{path}/code"), &[], "status_code").await? else {
                continue;
            };
            let code = self.note_code(&mail)?;
            if let Some(answer) = self.post(&format!("{path}/unlock"), &[("code", &code)]).await?
                && answer.location.contains("unlocked")
            {
                return Ok(());
            }
        }
        Err("no code unlocks the status page".to_owned())
    }

    async fn open_download(&mut self, reference: &str) -> Step<String> {
        let path = format!("/status/{}", self.token);
        for _ in 0..8 {
            let at = format!("{path}/download-code");
            let asked = self.code(&at, &[("request", reference)], "download_code").await?;
            let Some(mail) = asked else { continue };
            let code = self.note_code(&mail)?;
            let at = format!("{path}/download");
            let form = [("request", reference), ("code", &*code)];
            if let Some(answer) = self.post(&at, &form).await?
                && answer.location.starts_with("/downloads/")
            {
                self.spent(&at, &code, "/downloads/").await?;
                return Ok(answer.location);
            }
            // Taken, and the answer got lost; or overtaken by a later one.
        }
        Err("no code opens the download".to_owned())
    }

    /// Fetches an archive in pieces until it is whole.
    async fn download(&mut self, at: &str) -> Step<Vec<u8>> {
        let (mut whole, mut tag, begun) = (Vec::new(), String::new(), Instant::now());
        while begun.elapsed() < PATIENCE {
            let piece = usize::try_from(self.dice.below(2_000_000)).unwrap();
            let upto = self.dice.percent(40).then_some(whole.len() + piece);
            match self.client.fetch(at, whole.len(), upto, &tag).await {
                Some((200, first, bytes)) if whole.is_empty() => (whole, tag) = (bytes, first),
                Some((206, same, bytes)) if tag.is_empty() || same == tag => {
                    whole.extend(bytes);
                    tag = same;
                }
                None | Some((500.., ..)) => self.turn().await,
                Some((status, ..)) => return Err(format!("a piece of an archive got {status}")),
            }
            let hash = HEXLOWER.encode(&Sha256::digest(&whole));
            if tag.trim_matches('"') == hash {
                return Ok(whole);
            }
        }
        Err("the archive never came whole".to_owned())
    }

    /// Looks into an archive: all of theirs, each once, and nobody else's.
    fn keep(&mut self, reference: &str, bytes: &[u8]) -> Step<()> {
        let person = self.story.person;
        let archive = Downloaded::new(bytes);
        let strangers = person.strangers_in(&archive.all_text());
        if !strangers.is_empty() {
            return Err(format!("{reference} holds data of {strangers:?}"));
        }
        let rows = archive.rows("shop", "invoice");
        let once: BTreeSet<u64> =
            rows.iter().map(|row| row["invoice_id"].as_u64().unwrap()).collect();
        let customers = archive.rows("shop", "customer").len();
        let files = archive.entries.keys().filter(|name| name.starts_with("files/")).count();
        let found = (customers, rows.len(), once.len(), files);
        if found != (1, person.rows(), person.rows(), 1) {
            return Err(format!("{reference} holds {found:?}, which is not all, or some twice"));
        }
        let folder = self.house.dir.join("stores/fetched");
        fs::create_dir_all(&folder).unwrap();
        let file = folder.join(format!("{reference}.zip"));
        fs::write(&file, bytes).unwrap();
        self.story.archives.push((reference.to_owned(), file));
        Ok(())
    }

    /// Asks for a code and waits for it; `None` when there may be none.
    async fn code(&mut self, at: &str, form: &[(&str, &str)], kind: &str) -> Step<Option<Taken>> {
        let before = self.house.mail.sent(kind, &self.address).len();
        match self.post(at, form).await? {
            Some(answer) if answer.status == 303 => self.expect_mail(kind, before).await.map(Some),
            Some(answer) => Err(format!("asking for {kind} got {}", answer.status)),
            None => Ok(self.house.mail.wait(kind, &self.address, before, DOUBT).await),
        }
    }

    async fn expect_mail(&self, kind: &str, before: usize) -> Step<Taken> {
        let mail = self.house.mail.wait(kind, &self.address, before, PATIENCE).await;
        mail.ok_or_else(|| format!("the mail {kind} never came"))
    }

    fn code_and_link(&mut self, mail: &Taken) -> Step<(String, String)> {
        let link = mail.link("/verify/").ok_or("a mail without its link")?.to_owned();
        self.story.secrets.push(token(&link));
        Ok((self.note_code(mail)?, link))
    }

    fn note_code(&mut self, mail: &Taken) -> Step<String> {
        let code = mail.code().ok_or("a mail without its code")?.to_owned();
        self.story.secrets.push(code.clone());
        Ok(code)
    }

    async fn get(&mut self, path: &str) -> Step<String> {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            match self.client.get(path).await {
                Outcome::Answer(answer) if answer.status == 200 => return Ok(answer.text()),
                Outcome::Answer(answer) => return Err(format!("a page got {}", answer.status)),
                Outcome::Nothing | Outcome::Unknown => self.turn().await,
            }
        }
        Err("no page came".to_owned())
    }

    /// Sends a form to whoever is there; `None` when it may have been taken or not.
    async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Step<Option<Answer>> {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            match self.client.post(path, form).await {
                Outcome::Answer(answer) => return Ok(Some(answer)),
                Outcome::Unknown => {
                    self.turn().await;
                    return Ok(None);
                }
                Outcome::Nothing => self.turn().await,
            }
        }
        Err("nobody takes the form".to_owned())
    }

    /// Waits a moment and goes to any of the processes.
    async fn turn(&mut self) {
        tokio::time::sleep(self.dice.millis(30, 150)).await;
        self.client.port = *self.dice.pick(&self.house.ports());
    }
}

/// The token in a path.
fn token(path: &str) -> String {
    let last = path.split('/').nth(2).unwrap_or_default();
    last.split('?').next().unwrap_or_default().to_owned()
}
