/** Getting full data sets: where they come from, how they are checked, and the cache that keeps them. */
@NullMarked
package dev.seiche.study.data;

import org.jspecify.annotations.NullMarked;
