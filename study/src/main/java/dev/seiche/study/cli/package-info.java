/** The command line {@code seiche}: finds the study, binds its configuration, runs it, draws its report. */
@NullMarked
package dev.seiche.study.cli;

import org.jspecify.annotations.NullMarked;
