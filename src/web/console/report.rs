//! The promise report and the figures for California: a page and a file each.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::SignedDuration;

use super::visit::{Trouble, Visit, answer, html, parameter};
use crate::domain::ccpa::{self, Line};
use crate::domain::report::{Figures, Month, Report};
use crate::text::Speaker;
use crate::web::view::console::{CcpaPage, ReportLine, ReportPage, channel, right};

/// Months shown unless others are asked for.
const MONTHS: i32 = 12;

/// `GET /console/report`
pub(super) async fn show(visit: Visit) -> Response {
    let shown = async {
        let (from, to, report) = read(&visit).await?;
        let speaker = visit.speaker();
        let heads: Vec<String> =
            cells(&speaker, &report.total).into_iter().map(|(head, _)| head).collect();
        let rows = report.rows.iter().map(|row| ReportLine {
            month: row.month.to_string(),
            right: right(&speaker, row.right),
            channel: channel(&speaker, row.channel),
            cells: cells(&speaker, &row.figures),
        });
        let page = ReportPage {
            page: visit.page(format!("/console/report?from={from}&to={to}")),
            total: speaker.with(
                "console-report-total",
                [
                    ("all", report.total.all.into()),
                    ("kept", report.total.kept.into()),
                    ("hours", u64::from(report.hours).into()),
                    ("missed", (report.total.missed + report.total.open_past).into()),
                ],
            ),
            from: from.to_string(),
            to: to.to_string(),
            heads,
            rows: rows.collect(),
        };
        Ok(html(StatusCode::OK, &page))
    };
    answer(&visit, shown.await)
}

/// `GET /console/report.csv`
pub(super) async fn csv(visit: Visit) -> Response {
    let file = async {
        let (from, to, report) = read(&visit).await?;
        let name = format!("attachment; filename=\"promise-{from}-{to}.csv\"");
        let headers = [
            (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
            (header::CONTENT_DISPOSITION, name),
        ];
        Ok((headers, report.to_csv()).into_response())
    };
    answer(&visit, file.await)
}

/// `GET /console/report/ccpa`
pub(super) async fn ccpa(visit: Visit) -> Response {
    let shown = async {
        let (year, lines) = count(&visit).await?;
        let speaker = visit.speaker();
        let page = CcpaPage {
            page: visit.page(format!("/console/report/ccpa?year={year}")),
            year,
            rows: lines
                .iter()
                .map(|line| {
                    (speaker.t(&format!("console-ccpa-{}", line.kind)), ccpa_cells(&speaker, line))
                })
                .collect(),
        };
        Ok(html(StatusCode::OK, &page))
    };
    answer(&visit, shown.await)
}

/// `GET /console/report/ccpa.csv`
pub(super) async fn ccpa_csv(visit: Visit) -> Response {
    let file = async {
        let (year, lines) = count(&visit).await?;
        let headers = [
            (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
            (header::CONTENT_DISPOSITION, format!("attachment; filename=\"ccpa-{year}.csv\"")),
        ];
        Ok((headers, ccpa::to_csv(year, &lines)).into_response())
    };
    answer(&visit, file.await)
}

async fn count(visit: &Visit) -> Result<(i16, Vec<Line>), Trouble> {
    let desk = visit.console.desk();
    let asked = parameter(&visit.uri, "year").and_then(|text| text.parse().ok());
    let year = asked.filter(|year| (2000..2100).contains(year));
    let year = year.unwrap_or_else(|| desk.year_to_report());
    Ok((year, desk.ccpa_report(&visit.signed()?.member, year).await??))
}

/// The figures of a line with their headings.
fn ccpa_cells(speaker: &Speaker, line: &Line) -> Vec<(String, String)> {
    let counts = [
        ("console-ccpa-received", line.received),
        ("console-ccpa-whole", line.whole),
        ("console-ccpa-part", line.part),
        ("console-ccpa-denied", line.denied),
        ("console-ccpa-not-verified", line.not_verified),
        ("console-ccpa-taken-back", line.taken_back),
        ("console-ccpa-open", line.open),
    ];
    let mut cells: Vec<_> =
        counts.into_iter().map(|(id, number)| (speaker.t(id), speaker.count(number))).collect();
    let days = line
        .days
        .map_or_else(|| "–".to_owned(), |days| format!("{:.1} / {:.1}", days.median, days.mean));
    cells.push((speaker.t("console-ccpa-days"), days));
    cells
}

async fn read(visit: &Visit) -> Result<(Month, Month, Report), Trouble> {
    let desk = visit.console.desk();
    let month = |name| parameter(&visit.uri, name).and_then(|text| Month::parse(&text));
    let to =
        month("to").unwrap_or_else(|| Month::of(desk.now(), &desk.settings().organisation.zone));
    let from = month("from").unwrap_or_else(|| to.plus(1 - MONTHS)).min(to);
    let report = desk.promise_report(&visit.signed()?.member, from, to).await??;
    Ok((from, to, report))
}

/// The figures of a line with their headings.
fn cells(speaker: &Speaker, figures: &Figures) -> Vec<(String, String)> {
    let count = |id: &str, number: u64| (speaker.t(id), speaker.count(number));
    let mut cells = vec![
        count("console-report-all", figures.all),
        count("console-report-kept", figures.kept),
        count("console-report-kept-net", figures.kept_net),
        count("console-report-missed", figures.missed),
        count("console-report-open", figures.open),
        count("console-report-open-past", figures.open_past),
        count("console-report-not-counted", figures.not_counted),
    ];
    let hours = |time: SignedDuration| {
        let tenths = u64::try_from(time.as_secs().max(0)).unwrap_or(0).div_ceil(360);
        format!("{}.{}", tenths / 10, tenths % 10)
    };
    for (id, spread) in
        [("console-report-gross", &figures.gross), ("console-report-net", &figures.net)]
    {
        let words = spread.as_ref().map_or_else(
            || "–".to_owned(),
            |one| format!("{} / {} / {}", hours(one.p50), hours(one.p95), hours(one.most)),
        );
        cells.push((speaker.t(id), words));
    }
    cells
}
