/** The lines of the house: which room may see which, what may be used where, how long a file may be. */
@NullMarked
package dev.seiche.architecture;

import org.jspecify.annotations.NullMarked;
