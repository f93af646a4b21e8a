package dev.seiche.metrics.statistics;

/**
 * The outcome of a statistical test.
 *
 * @param statistic in the unit of the test
 * @param p         chance of a statistic at least so extreme under the null hypothesis, in [0, 1]
 */
public record TestResult(double statistic, double p) {}
