//! The growth as a picture: two charts with logarithmic axes, on which linear growth is a straight
//! line that rises one decade for each decade of documents.

use std::error::Error;
use std::path::Path;

use plotters::prelude::*;

use crate::scale::{Point, Program, Run};

const SIZE: (u32, u32) = (1120, 520);
const FONT: &str = "sans-serif";

/// A line of a chart: its name, its colour, and its points, documents first.
type Line = (&'static str, RGBColor, Vec<(f64, f64)>);

const BLUE: RGBColor = RGBColor(0x1f, 0x5f, 0xa8);
const GREEN: RGBColor = RGBColor(0x2b, 0x8a, 0x4b);
const ORANGE: RGBColor = RGBColor(0xd9, 0x7a, 0x12);
const PURPLE: RGBColor = RGBColor(0x6f, 0x3f, 0xa0);
const TEAL: RGBColor = RGBColor(0x1a, 0x8c, 0x95);
const BROWN: RGBColor = RGBColor(0x7d, 0x4e, 0x24);
const OLIVE: RGBColor = RGBColor(0x7c, 0x84, 0x1f);
const RED: RGBColor = RGBColor(0xb8, 0x32, 0x3a);
const GREY: RGBColor = RGBColor(0x99, 0x99, 0x99);

/// Draws the points into an SVG file.
///
/// # Errors
///
/// The file cannot be written.
pub fn draw(points: &[Point], path: &Path) -> Result<(), Box<dyn Error>> {
    let line = |name, colour, value: &dyn Fn(&Point) -> Option<f64>| -> Line {
        let points = points.iter();
        let points = points.filter_map(|p| Some((p.documents as f64, value(p)?)));
        (name, colour, points.collect())
    };
    let times = [
        line("check one body", PURPLE, &|p| Some(p.program?.check.time)),
        line("check, NDJSON", RED, &|p| Some(p.program?.check_lines.time)),
        line("read JSON", BLUE, &|p| Some(p.read)),
        line("validate JSON", TEAL, &|p| Some(p.validate)),
        line("write JSON", GREEN, &|p| Some(p.write)),
        line("read protobuf", ORANGE, &|p| Some(p.read_protobuf)),
        line("validate protobuf", BROWN, &|p| Some(p.validate_protobuf)),
        line("write protobuf", OLIVE, &|p| Some(p.write_protobuf)),
    ];
    let resident = |run: fn(&Program) -> Run| {
        move |point: &Point| Some(run(point.program.as_ref()?).resident? as f64)
    };
    let sizes = [
        line("check one body: resident", PURPLE, &resident(|p| p.check)),
        line(
            "convert one body: resident",
            OLIVE,
            &resident(|p| p.convert),
        ),
        line("heap of the message", BLUE, &|p| Some(p.heap as f64)),
        line("the body", GREY, &|p| Some(p.body as f64)),
        line("check, NDJSON: resident", RED, &resident(|p| p.check_lines)),
    ];
    // Drawn in memory first, so that a failure leaves no half of a file.
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        area.fill(&WHITE)?;
        let (left, right) = area.split_horizontally(SIZE.0 / 2);
        chart(&left, "Time against documents", &times, &second)?;
        chart(&right, "Memory against documents", &sizes, &byte)?;
        area.present()?;
    }
    std::fs::write(path, svg)?;
    Ok(())
}

fn chart(
    area: &DrawingArea<SVGBackend<'_>, plotters::coord::Shift>,
    title: &str,
    lines: &[Line],
    label: &dyn Fn(&f64) -> String,
) -> Result<(), Box<dyn Error>> {
    let all = || lines.iter().flat_map(|(_, _, points)| points);
    let low = |of: fn(&(f64, f64)) -> f64| all().map(of).fold(f64::INFINITY, f64::min);
    let high = |of: fn(&(f64, f64)) -> f64| all().map(of).fold(0.0, f64::max);
    // Whole decades, so that every line of the grid has a label.
    // The axis begins a hair lower, or rounding costs the first label.
    let floor = |value: f64| 10f64.powf(value.log10().floor()) * 0.9999;
    let ceiling = |value: f64| 10f64.powf(value.log10().ceil());
    let x = floor(low(|p| p.0))..ceiling(high(|p| p.0));
    let y = floor(low(|p| p.1))..ceiling(high(|p| p.1));
    let mut chart = ChartBuilder::on(area)
        .caption(title, (FONT, 17))
        .margin(12)
        .margin_right(32)
        .x_label_area_size(44)
        .y_label_area_size(64)
        .build_cartesian_2d(x.log_scale(), y.log_scale())?;
    chart
        .configure_mesh()
        .x_desc("documents")
        .x_label_formatter(&|value| thousands(*value))
        .y_label_formatter(&label)
        .label_style((FONT, 13))
        .bold_line_style(GREY.mix(0.35))
        .light_line_style(TRANSPARENT)
        .draw()?;
    for (name, colour, points) in lines {
        let style = colour.stroke_width(2);
        chart
            .draw_series(LineSeries::new(points.iter().copied(), style).point_size(3))?
            .label(*name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], style));
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::LowerRight)
        .label_font((FONT, 13))
        .legend_area_size(24)
        .background_style(WHITE.mix(0.9))
        .border_style(GREY.mix(0.5))
        .draw()?;
    Ok(())
}

/// `100,000`.
fn thousands(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn second(value: &f64) -> String {
    unit(
        *value,
        &[(1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns")],
    )
}

fn byte(value: &f64) -> String {
    unit(*value, &[(1e9, "GB"), (1e6, "MB"), (1e3, "KB"), (1.0, "B")])
}

/// A power of ten in the largest unit that it fills.
fn unit(value: f64, units: &[(f64, &str)]) -> String {
    for (size, name) in units {
        // A hair of tolerance: the axis comes to its labels by multiplication.
        if value >= size * 0.999 {
            return format!("{:.0} {name}", value / size);
        }
    }
    String::new()
}
