/** Laws that hold for every op of the catalogue, driven by its spec. */
@NullMarked
package dev.seiche.laws;

import org.jspecify.annotations.NullMarked;
