package dev.seiche.study.report;

import dev.seiche.study.run.RunDirectory;

/** Describes the report of one study's runs. It reads a run and computes nothing from it. */
public interface RunReport {
    /**
     * The page of a run, whole or not: what was not measured is left out or shown as not tested.
     *
     * @param run a run of the study that this report is for
     */
    Page page(RunDirectory run);
}
