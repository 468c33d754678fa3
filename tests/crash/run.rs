//! A crowd at work while processes die.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use crate::house::House;
use crate::journey::Journey;
use crate::people::Person;
use crate::proxy::Line;
use crate::story::{Story, Wish};

/// People at work at the same time.
const CROWD: usize = 4;
/// In percent: of mails whose hand-over goes wrong, of calls to storage that are refused.
const BAD_MAIL: u64 = 15;
const BAD_STORAGE: u64 = 2;

/// Everybody who comes to a house.
pub(crate) struct Crowd {
    house: Arc<House>,
    next: Arc<AtomicU32>,
    stop: Arc<AtomicBool>,
    people: JoinSet<Vec<Story>>,
}

impl Crowd {
    /// They begin to come; the one after `after` first.
    pub(crate) fn come(house: &Arc<House>, after: u32) -> Self {
        let mut crowd = Self {
            house: Arc::clone(house),
            next: Arc::new(AtomicU32::new(after + 1)),
            stop: Arc::default(),
            people: JoinSet::new(),
        };
        for _ in 0..CROWD {
            let (house, next) = (Arc::clone(house), Arc::clone(&crowd.next));
            let stop = Arc::clone(&crowd.stop);
            crowd.people.spawn(async move {
                let mut stories = Vec::new();
                while !stop.load(Ordering::SeqCst) {
                    let number = next.fetch_add(1, Ordering::SeqCst);
                    // Every twelfth is unknown to the stores.
                    let known = number % 12 != 5 && number <= house.people;
                    let number = if known { number } else { 1_000_000 + number };
                    stories.push(Journey::new(&house, Person { number, known }, None).walk().await);
                }
                stories
            });
        }
        crowd
    }

    /// Lets everybody finish; nobody new comes.
    pub(crate) async fn leave(mut self) -> Vec<Story> {
        self.stop.store(true, Ordering::SeqCst);
        let mut stories = Vec::new();
        while let Some(done) = self.people.join_next().await {
            match done {
                Ok(told) => stories.extend(told),
                Err(error) => panic!("{error} {}", self.house.logs()),
            }
        }
        stories
    }
}

/// One person goes all the way with what they have in mind.
pub(crate) async fn goes(house: &Arc<House>, number: u32, wish: Wish) -> Story {
    Journey::new(house, Person { number, known: true }, Some(wish)).walk().await
}

/// The world around the house behaves badly, until [`behave`].
pub(crate) fn misbehave(house: &House) {
    house.mail.misbehave(BAD_MAIL);
    if let Some(storage) = &house.storage {
        storage.misbehave(BAD_STORAGE);
    }
}

/// It behaves well again.
pub(crate) fn behave(house: &House) {
    house.mail.misbehave(0);
    if let Some(storage) = &house.storage {
        storage.misbehave(0);
    }
    if let Some(proxy) = &house.proxy {
        proxy.behave(Line::Good);
    }
}

/// Kills processes at random moments, each started again at once, while a crowd is at work.
pub(crate) async fn kills(house: &Arc<House>, kills: u32) -> Vec<Story> {
    let dice = house.dice.branch(3);
    let crowd = Crowd::come(house, 0);
    misbehave(house);
    let begun = Instant::now();
    for _ in 0..kills {
        // Some while they are only starting.
        let young = dice.percent(25);
        tokio::time::sleep(if young { dice.millis(0, 400) } else { dice.millis(400, 2_600) }).await;
        if let Some(proxy) = &house.proxy {
            let lines = [
                Line::Good,
                Line::Good,
                Line::Slow(Duration::from_millis(40)),
                Line::Silent,
                Line::Cut,
                Line::Reset,
            ];
            proxy.behave(*dice.pick(&lines));
        }
        let node = usize::try_from(dice.below(house.nodes.len() as u64)).unwrap();
        house.kill(node);
        house.start();
    }
    let took = begun.elapsed();
    behave(house);
    if let Some(proxy) = &house.proxy {
        println!("{}", proxy.said());
    }
    let stories = crowd.leave().await;
    println!(
        "{kills} kills in {took:.1?}; {} people, {} archives, all done after {:.1?}",
        stories.len(),
        stories.iter().map(|story| story.archives.len()).sum::<usize>(),
        begun.elapsed()
    );
    stories
}
