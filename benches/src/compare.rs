//! The tables of contenders: an operation each, with the three workloads side by side.

use std::time::Duration;

use crate::contenders::{Operation, Run, Workload, runs};
use crate::counts::Counts;
use crate::measure::{Measured, measure};
use crate::table::{self, Table};

/// The workloads with all runs over them.
#[derive(Debug)]
pub struct Field<'a> {
    columns: Vec<(&'a Workload, Vec<Run<'a>>)>,
}

impl<'a> Field<'a> {
    pub fn new(workloads: &'a [Workload]) -> Self {
        let columns = workloads.iter().map(|workload| (workload, runs(workload)));
        Self {
            columns: columns.collect(),
        }
    }

    /// Runs everything once; a line for each result that is wrong.
    pub fn check(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        for (workload, runs) in &self.columns {
            for run in runs {
                if let Err(why) = run.check() {
                    wrong.push(format!("{run:?}, {}: {why}", workload.name));
                }
            }
        }
        wrong
    }

    /// Measures an operation, for about the time `budget` per workload.
    pub fn measure(&self, operation: Operation, counts: &Counts, budget: Duration) -> Table {
        let mut heading = vec![operation.title().to_owned()];
        for (workload, _) in &self.columns {
            heading.extend([workload.name.into(), "time".into(), "allocs".into()]);
        }
        let mut table = Table::new(heading);
        let columns: Vec<(&Workload, Vec<&Run<'_>>, Vec<Measured>)> = self
            .columns
            .iter()
            .map(|(workload, runs)| {
                let part: Vec<_> = runs.iter().filter(|r| r.operation == operation).collect();
                let reference = part
                    .iter()
                    .position(|r| r.contender == operation.reference());
                let measured = measure(&part, reference.unwrap_or(0), budget);
                (*workload, part, measured)
            })
            .collect();
        let Some((_, contenders, _)) = columns.first() else {
            return table;
        };
        // Every workload has the same contenders, in the same order.
        for (i, run) in contenders.iter().enumerate() {
            let mut row = vec![run.contender.to_owned()];
            for (workload, _, measured) in &columns {
                let key = [operation.title(), workload.name, run.contender].map(str::to_owned);
                row.extend([
                    format!("{:.2}", measured[i].speed),
                    table::time(measured[i].median),
                    counts.get(&key.into()).map_or("?".into(), u64::to_string),
                ]);
            }
            table.row(row);
        }
        table
    }
}

/// The sizes of the workloads, for the head of the output.
pub fn sizes(workloads: &[Workload]) -> Table {
    let mut table = Table::new(["workload", "JSON", "protobuf", "message"]);
    for workload in workloads {
        table.row([
            workload.name.to_owned(),
            table::size(workload.json.len() as u64),
            table::size(workload.protobuf.len() as u64),
            workload.message.clone(),
        ]);
    }
    table
}
