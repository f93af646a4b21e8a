/** What a person runs: experiments, their configuration, their records and reports. */
@NullMarked
package dev.seiche.study;

import org.jspecify.annotations.NullMarked;
