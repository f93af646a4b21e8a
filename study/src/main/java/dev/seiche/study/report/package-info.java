/**
 * Reports: a run directory, drawn. Nothing is computed here that the run did not write down.
 *
 * <p>A study describes its {@link dev.seiche.study.report.Page} as plain data; the renderers turn any page into a
 * single offline HTML file, PNG pictures, and tables for a terminal.
 */
@NullMarked
package dev.seiche.study.report;

import org.jspecify.annotations.NullMarked;
