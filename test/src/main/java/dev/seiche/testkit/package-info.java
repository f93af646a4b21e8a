/** What tests are written with: op specifications and arbitraries. */
@NullMarked
package dev.seiche.testkit;

import org.jspecify.annotations.NullMarked;
