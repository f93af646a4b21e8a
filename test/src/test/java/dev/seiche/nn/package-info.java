@NullMarked
package dev.seiche.nn;

import org.jspecify.annotations.NullMarked;
