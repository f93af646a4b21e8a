/** What learns: layers, initialisation, optimizers and the training loop. */
@NullMarked
package dev.seiche.nn;

import org.jspecify.annotations.NullMarked;
