package dev.seiche.study.trial;

import dev.seiche.metrics.Finding;
import dev.seiche.study.RunContext;
import dev.seiche.study.report.Figure;
import dev.seiche.study.report.Page;
import java.util.List;

/**
 * What sets one study of trials apart. {@link TrialStudy} runs it, {@link TrialReport} draws it. Holds no state.
 *
 * @param <C> the configuration
 * @param <S> what all trials share: data, say
 */
public interface Experiment<C extends Record, S> {
    /** The name on the command line. */
    String name();

    /** One line that says what is measured. */
    String description();

    /** A few words above the report. */
    String title();

    /** One or two sentences below them: the question. */
    String lead();

    Class<C> configType();

    /** The YAML with a value for every key, on the class path from its root. */
    default String defaults() {
        return "/" + getClass().getPackageName().replace('.', '/') + "/" + name() + ".yaml";
    }

    /** Loads what all trials share. */
    S prepare(C config, RunContext run);

    /**
     * The trials, in order.
     *
     * @param firstSeed seed of the run; an experiment of n seeds uses this one and the next n - 1
     */
    List<Trial> trials(C config, long firstSeed);

    /** Runs one trial: rows and numbers go to the bench. Must give the same for the same trial. */
    void measure(C config, S shared, Trial trial, Workbench bench);

    /** A verdict on every claim that this experiment can speak to, tested or not. */
    List<Finding> findings(C config, Outcomes outcomes);

    /** What each arm measured, in short: the columns of the first table. */
    List<Shown> shown();

    /** The figures. */
    List<Page.Section> sections(Outcomes outcomes, Plots plots);

    /** More tables for the head of the report. */
    default List<Figure.Table> tables(Outcomes outcomes) {
        return List.of();
    }

    /**
     * A column of the table of arms.
     *
     * @param heading above it
     * @param number  the number of a trial
     */
    record Shown(String heading, String number) {}
}
